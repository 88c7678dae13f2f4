-- The smallest schema that a durable case engine could use, with :ncases cases stored already.
DROP TABLE IF EXISTS floor_event, floor_task, floor_case;
CREATE TABLE floor_case (
  id bigint PRIMARY KEY,
  item_id int NOT NULL,
  node text NOT NULL,
  version int NOT NULL DEFAULT 0,
  data jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE TABLE floor_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id bigint NOT NULL,
  seq int NOT NULL,
  kind text NOT NULL,
  actor bigint NOT NULL,
  payload jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE floor_task (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id bigint NOT NULL,
  node text NOT NULL,
  status text NOT NULL,
  grp int NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz
);
INSERT INTO floor_case (id, item_id, node, data)
  SELECT g, g % 1216, 'step1',
         jsonb_build_object('applicant', 'A' || g, 'name', repeat('n', 40), 'addr', repeat('x', 80), 'amount', g % 1000)
  FROM generate_series(1, :ncases) g;
INSERT INTO floor_event (case_id, seq, kind, actor, payload)
  SELECT g, 0, 'started', g % 5000, '{"from": "start", "to": "step1"}' FROM generate_series(1, :ncases) g;
INSERT INTO floor_task (case_id, node, status, grp) SELECT g, 'step1', 'open', g % 200 FROM generate_series(1, :ncases) g;
CREATE UNIQUE INDEX ON floor_event (case_id, seq);
CREATE INDEX ON floor_task (case_id) WHERE status = 'open';
CREATE INDEX ON floor_task (grp, id) WHERE status = 'open';
VACUUM ANALYZE floor_case;
VACUUM ANALYZE floor_event;
VACUUM ANALYZE floor_task;
CHECKPOINT;

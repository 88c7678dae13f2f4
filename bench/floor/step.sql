-- One step as an ordinary engine writes it: read and lock, then four writes, one transaction, seven round trips.
-- Without FOR UPDATE two clients on one case would collide on (case_id, seq), and pgbench would drop a client.
\set cid random(1, :ncases)
\set actor random(1, 5000)
BEGIN;
SELECT version AS v FROM floor_case WHERE id = :cid FOR UPDATE \gset
UPDATE floor_case SET version = :v + 1, node = 'step2', updated_at = now() WHERE id = :cid AND version = :v;
INSERT INTO floor_event (case_id, seq, kind, actor, payload)
  VALUES (:cid, :v + 1, 'completed', :actor,
          '{"from": "step1", "to": "step2", "outcome": "approve", "form": {"ok": true, "note": "checked"}}');
UPDATE floor_task SET status = 'done', done_at = now() WHERE case_id = :cid AND status = 'open';
INSERT INTO floor_task (case_id, node, status, grp) VALUES (:cid, 'step2', 'open', :cid % 200);
COMMIT;

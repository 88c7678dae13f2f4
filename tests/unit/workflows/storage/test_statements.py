"""Several writes become one statement, with its places in order."""

from workflows.storage.statements import fenced, insert, joined, update


def test_a_fenced_statement_fails_as_a_whole_when_its_gate_is_shut() -> None:
    gate = ("UPDATE a SET x = %s WHERE id = %s AND rev = %s", (1, 2, 3))
    sql, params = fenced(gate, [("DELETE FROM b WHERE k = %s", ("k",)), ("INSERT INTO c VALUES (%s)", (9,))])
    assert sql == (
        "WITH gate AS (UPDATE a SET x = %s WHERE id = %s AND rev = %s RETURNING 1), "
        "w1 AS (DELETE FROM b WHERE k = %s), w2 AS (INSERT INTO c VALUES (%s)) SELECT 1 / count(*) FROM gate"
    )
    assert params == (1, 2, 3, "k", 9)


def test_one_statement_alone_stays_as_it_is() -> None:
    assert joined([("DELETE FROM b", ())]) == ("DELETE FROM b", ())


def test_nothing_and_truth_are_spelt_out_and_numbers_are_not_taken_for_them() -> None:
    sql, params = insert("INSERT INTO t VALUES {rows}", [(None, True, 1, "x"), (False, 0, 2, None)])
    assert sql == "INSERT INTO t VALUES (NULL, true, %s, %s), (false, %s, %s, NULL)"
    assert params == (1, "x", 0, 2)


def test_an_update_names_its_columns_in_order() -> None:
    assert update("t", ("a", "b"), where="id = %s") == "UPDATE t SET a = %s, b = %s WHERE id = %s"

"""Triggers that keep the register append-only, in the words of SQLite and of PostgreSQL.

A log entry never changes. Of a cut only its retirement is added, once. Nothing is deleted.
"""

FIXED = "id, study, cutoff, content, rows, definition, version, accepted, entry"
SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{word.lower()} BEFORE {word} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END"
        for table, word in (
            ("itp_log", "UPDATE"),
            ("itp_log", "DELETE"),
            ("itp_cuts", "DELETE"),
            ("itp_register", "UPDATE"),
            ("itp_register", "DELETE"),
        )
    ),
    *(  # REPLACE would delete the row before without asking the triggers above
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
        "BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END"
        for table, key in (("itp_log", "seq"), ("itp_cuts", "id"))
    ),
    f"CREATE TRIGGER itp_cuts_fixed BEFORE UPDATE OF {FIXED} ON itp_cuts "
    "BEGIN SELECT RAISE(ABORT, 'an accepted cut never changes'); END",
    "CREATE TRIGGER itp_cuts_retired_once BEFORE UPDATE ON itp_cuts WHEN OLD.retired <> '' "
    "BEGIN SELECT RAISE(ABORT, 'a retired cut never changes'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION itp_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the register is append-only'; END $$",
    *(
        f"CREATE TRIGGER {table}_no_change BEFORE {words} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION itp_append_only()"
        for table, words in (
            ("itp_log", "UPDATE OR DELETE"),
            ("itp_cuts", f"DELETE OR UPDATE OF {FIXED}"),
            ("itp_register", "UPDATE OR DELETE"),
        )
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION itp_append_only()"
        for table in ("itp_log", "itp_cuts", "itp_register")
    ),
    "CREATE TRIGGER itp_cuts_retired_once BEFORE UPDATE ON itp_cuts FOR EACH ROW "
    "WHEN (OLD.retired <> '') EXECUTE FUNCTION itp_append_only()",
)

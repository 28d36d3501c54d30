"""The rules that no single table can keep, kept by the database itself, by name.

Triggers refuse a row that would give an astronaut two flights or spacewalks at once, a landing
before the launch, a flight before birth, a spacewalk or surface stay outside its flight, a
spacewalk where its astronauts cannot have been, or a visit to a station before its launch or after
its end; the error carries the rule's name, as a constraint's does. Others renew the data version
before every change of a fact, or keep the address at which a row was public.

On PostgreSQL the version's row is a lock taken by each writing transaction before its first row, so
that writers of facts take turns and the checks below see everything that was committed. SQLite has
one writer at a time as it is. The triggers are put in place after every `migrate`: SQLite drops
them whenever Django rebuilds a table, and refuses to rebuild one that a trigger of another reads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections

from .precision import LATEST
from .slugs import slugged_models

#: Tables whose rows the record book is computed from, and what they rest on.
FACT_TABLES = (
    "records_source",
    "records_country",
    "records_agency",
    "records_astronaut",
    "records_spacecraft",
    "records_station",
    "records_stationoperator",
    "records_mission",
    "records_mission_stations",
    "records_flight",
    "records_surfacestay",
    "records_spacewalk",
    "records_spacewalkcrew",
    "records_spacewalkgap",
    "records_citation",
    "records_disagreement",
    "records_reportedvalue",
    "records_confirmation",
    "records_leaderboard",
)


def _was_there(ship: str) -> str:
    """In SQL, whether the ship is the craft of the spacewalk or visited its station."""
    return f"""
        EXISTS (
            SELECT 1 FROM records_mission there WHERE there.id = {ship}.id AND (
                there.id = w.craft_id OR EXISTS (
                    SELECT 1 FROM records_mission_stations visited
                    WHERE visited.mission_id = there.id AND visited.station_id = w.station_id
                )
            )
        )
    """


_FLIGHTS = """
    records_flight f
    JOIN records_mission up ON up.id = f.launch_mission_id
    LEFT JOIN records_mission down ON down.id = f.landing_mission_id
"""

#: Rule name → query of the rows that break it, among those that {which} selects: of flights, of
#: visits to stations, or of spacewalks. What is known to the minute, day or month breaks a rule
#: only if it does wherever in it the true instant lies: written are the first seconds, {latest_…}
#: are the last.
FLIGHT_RULES = {
    "flight_lands_after_launch": f"""
        SELECT 1 FROM {_FLIGHTS} WHERE {{which}} AND {{latest_landing}} <= up.launched_at
    """,
    # As `Flight.overlaps` has it.
    "flight_one_at_a_time": f"""
        SELECT 1 FROM {_FLIGHTS}
        JOIN records_flight other ON other.astronaut_id = f.astronaut_id AND other.id <> f.id
        JOIN records_mission other_up ON other_up.id = other.launch_mission_id
        LEFT JOIN records_mission other_down ON other_down.id = other.landing_mission_id
        WHERE {{which}}
          AND (other_down.landed_at IS NULL OR {{latest_launch}} < other_down.landed_at)
          AND (down.landed_at IS NULL OR {{latest_other_launch}} < down.landed_at)
    """,
    "flight_after_birth": f"""
        SELECT 1 FROM {_FLIGHTS} JOIN records_astronaut a ON a.id = f.astronaut_id
        WHERE {{which}} AND a.born_on >= {{last_day_of_launch}}
    """,
    # As `Flight.contains` has it.
    "spacewalk_within_its_flight": f"""
        SELECT 1 FROM {_FLIGHTS}
        JOIN records_spacewalkcrew c ON c.flight_id = f.id
        JOIN records_spacewalk w ON w.id = c.spacewalk_id
        WHERE {{which}} AND (
            {{latest_walk}} < up.launched_at
            OR {{latest_landing}} < {{end_of_walk}}
            OR {{latest_landing}} < {{end_of_walk_after_launch}}
        )
    """,
    # As `Flight.has_been_where` has it.
    "spacewalk_where_its_crew_was": f"""
        SELECT 1 FROM {_FLIGHTS}
        JOIN records_spacewalkcrew c ON c.flight_id = f.id
        JOIN records_spacewalk w ON w.id = c.spacewalk_id
        WHERE {{which}} AND NOT (
            {_was_there("up")} AND (
                {_was_there("down")}
                OR up.landed_at IS NULL OR {{latest_landing_of_ship_up}} >= {{end_of_walk}}
            )
            OR {_was_there("down")} AND {{latest_walk}} >= down.launched_at
        )
    """,
    # As `SpacewalkCrew.overlaps` has it.
    "spacewalk_one_at_a_time": f"""
        SELECT 1 FROM {_FLIGHTS}
        JOIN records_spacewalkcrew c ON c.flight_id = f.id
        JOIN records_spacewalk w ON w.id = c.spacewalk_id
        JOIN records_flight f2 ON f2.astronaut_id = f.astronaut_id
        JOIN records_spacewalkcrew c2 ON c2.flight_id = f2.id AND c2.spacewalk_id <> c.spacewalk_id
        JOIN records_spacewalk w2 ON w2.id = c2.spacewalk_id
        WHERE {{which}} AND {{latest_walk}} < {{end_of_other_part}}
            AND {{latest_other_walk}} < {{end_of_part}}
    """,
    "surface_stay_within_its_flight": f"""
        SELECT 1 FROM {_FLIGHTS} JOIN records_surfacestay s ON s.flight_id = f.id
        WHERE {{which}} AND (
            {{latest_touchdown}} <= up.launched_at OR s.lifted_off_at >= {{latest_landing}}
        )
    """,
}

VISIT_RULES = {
    # As `Mission.may_visit` has it.
    "station_visited_while_there": """
        SELECT 1 FROM records_mission_stations v
        JOIN records_mission m ON m.id = v.mission_id
        JOIN records_station s ON s.id = v.station_id
        WHERE {which} AND (
            {latest_landing_of_visitor} < s.launched_at OR {latest_end_of_station} < m.launched_at
        )
    """,
}
SPACEWALK_RULES = {
    # As `Spacewalk.clean` has it.
    "spacewalk_while_its_station_is_there": """
        SELECT 1 FROM records_spacewalk w JOIN records_station s ON s.id = w.station_id
        WHERE {which} AND (
            {latest_walk} < s.launched_at OR {latest_end_of_station} < {end_of_walk}
        )
    """,
}
RULES = FLIGHT_RULES | VISIT_RULES | SPACEWALK_RULES

#: Rule name → what an editor is told when the database keeps it.
RULE_WORDS = {
    "flight_lands_after_launch": "Somebody's flight would end before it began: the landing must "
    "come after the launch.",
    "flight_one_at_a_time": "Somebody in the crew would be in space on two missions at the same "
    "time; nobody makes two flights at once.",
    "flight_after_birth": "Somebody in the crew would fly before being born; check the birth and "
    "the launch.",
    "spacewalk_within_its_flight": "A spacewalk would lie outside the flight of somebody in its "
    "crew.",
    "spacewalk_where_its_crew_was": "Somebody would make a spacewalk from a station or craft where "
    "neither ship of their flight had taken them.",
    "station_visited_while_there": "A mission would visit a station before that was launched or "
    "after it came down.",
    "spacewalk_while_its_station_is_there": "A spacewalk would be made from a station before that "
    "was launched or after it came down.",
    "spacewalk_one_at_a_time": "Somebody would be on two spacewalks at the same time.",
    "surface_stay_within_its_flight": "A stay on the surface would lie outside the flight it "
    "belongs to.",
    "article_was_public": "A story that was public is not deleted; withdraw it.",
}


@dataclass(frozen=True)
class Check:
    """What is checked after a row of a table was written: which `flights`, `visits` and `walks`, in
    SQL, where it is NEW. `columns` are those whose update matters. What the row that was there
    before spoke for, where it was OLD, is in `left`: flights that are checked once it is gone."""

    columns: tuple[str, ...]
    flights: str = ""
    visits: str = ""
    walks: str = ""
    left: str = ""

    def queries(self, event: str, words: dict[str, str]) -> Iterator[tuple[str, str]]:
        """`(rule, query of the rows that break it)` for `insert`, `update` or `delete`."""
        new = (
            (self.flights, FLIGHT_RULES),
            (self.visits, VISIT_RULES),
            (self.walks, SPACEWALK_RULES),
        )
        old = ((self.left, FLIGHT_RULES),)
        for which, rules in {"insert": new, "update": new + old, "delete": old}[event]:
            for rule, query in rules.items() if which else ():
                yield rule, query.format(which=which, **words)


CHECKED = {
    "records_flight": Check(
        ("astronaut_id", "launch_mission_id", "landing_mission_id"),
        flights="f.astronaut_id = NEW.astronaut_id",
    ),
    "records_mission": Check(
        ("launched_at", "launch_precision", "landed_at", "landing_precision"),
        flights="f.id IN (SELECT id FROM records_flight"
        " WHERE launch_mission_id = NEW.id OR landing_mission_id = NEW.id)",
        visits="m.id = NEW.id",
    ),
    "records_mission_stations": Check(
        ("mission_id", "station_id"),
        visits="v.id = NEW.id",
        left="f.id IN (SELECT id FROM records_flight"
        " WHERE launch_mission_id = OLD.mission_id OR landing_mission_id = OLD.mission_id)",
    ),
    "records_station": Check(
        ("launched_at", "deorbited_at", "deorbit_precision"),
        visits="s.id = NEW.id",
        walks="s.id = NEW.id",
    ),
    "records_astronaut": Check(("born_on",), flights="f.astronaut_id = NEW.id"),
    "records_spacewalkcrew": Check(
        ("spacewalk_id", "flight_id", "duration", "duration_precision"),
        flights="f.id = NEW.flight_id",
    ),
    "records_spacewalk": Check(
        (
            "started_at",
            "start_precision",
            "duration",
            "duration_precision",
            "duration_margin",
            "station_id",
            "craft_id",
        ),
        flights="f.id IN (SELECT flight_id FROM records_spacewalkcrew WHERE spacewalk_id = NEW.id)",
        walks="w.id = NEW.id",
    ),
    "records_surfacestay": Check(
        ("flight_id", "landed_at", "landed_precision", "lifted_off_at"),
        flights="f.id = NEW.flight_id",
    ),
}

#: Instants whose latest second the rules ask for, with their precision.
_UNSURE = {
    "latest_launch": ("up.launched_at", "up.launch_precision"),
    "latest_landing": ("down.landed_at", "down.landing_precision"),
    "latest_other_launch": ("other_up.launched_at", "other_up.launch_precision"),
    "latest_walk": ("w.started_at", "w.start_precision"),
    "latest_other_walk": ("w2.started_at", "w2.start_precision"),
    "latest_touchdown": ("s.landed_at", "s.landed_precision"),
    "latest_landing_of_ship_up": ("up.landed_at", "up.landing_precision"),
    "latest_landing_of_visitor": ("m.landed_at", "m.landing_precision"),
    "latest_end_of_station": ("s.deorbited_at", "s.deorbit_precision"),
}


#: What a spacewalk, and somebody's part in it, lasted at least; as `shortest` of the models has it.
_SHORTEST = """CASE {walk}.duration_precision WHEN 'unknown' THEN {none} WHEN 'about'
    THEN {greater}({none}, {walk}.duration - COALESCE({walk}.duration_margin, {half_an_hour}))
    ELSE {walk}.duration END"""
_SHORTEST_PART = """CASE {part}.duration_precision WHEN '' THEN {whole} WHEN 'unknown' THEN {none}
    WHEN 'about' THEN {greater}({none}, {part}.duration - {half_an_hour})
    ELSE {part}.duration END"""


def _named(vendor: str, end_of, day_of, **words) -> dict[str, str]:
    """What the rules call by a name, in the database's own words."""
    named = {
        name: LATEST[vendor].format(instant=instant, precision=precision)
        for name, (instant, precision) in _UNSURE.items()
    }
    walk, other = (_SHORTEST.format(walk=walk, **words) for walk in ("w", "w2"))
    part = _SHORTEST_PART.format(part="c", whole=walk, **words)
    other_part = _SHORTEST_PART.format(part="c2", whole=other, **words)
    return named | {
        "last_day_of_launch": day_of(named["latest_launch"]),
        "end_of_walk": end_of("w.started_at", walk),
        "end_of_walk_after_launch": end_of("up.launched_at", walk),
        "end_of_part": end_of("w.started_at", part),
        "end_of_other_part": end_of("w2.started_at", other_part),
    }


_SQLITE = _named(
    "sqlite",
    "datetime({}, (({}) / 1000000) || ' seconds')".format,
    "substr({}, 1, 10)".format,
    none="0",
    greater="MAX",
    half_an_hour="1800000000",
)
_POSTGRESQL = _named(
    "postgresql",
    "{} + ({})".format,
    "({} AT TIME ZONE 'UTC')::date".format,
    none="interval '0'",
    greater="GREATEST",
    half_an_hour="interval '30 minutes'",
)


#: The slug that a row had until now leads to it from now on.
_KEEP_ADDRESS = """
    INSERT INTO records_formeraddress (kind, slug, row_id) VALUES ('{kind}', OLD.slug, OLD.id)
    ON CONFLICT (kind, slug) DO UPDATE SET row_id = excluded.row_id
"""
_HAS_ADDRESSES = "SELECT 1 FROM records_formeraddress WHERE kind = '{kind}' AND row_id = OLD.id"
_FORGET_ADDRESSES = "DELETE FROM records_formeraddress WHERE kind = '{kind}' AND row_id = OLD.id"
#: Of what is addressed by a condition: as PostgreSQL says it.
_REFUSE = f"""
    IF EXISTS ({_HAS_ADDRESSES}) THEN
        RAISE check_violation USING MESSAGE = '{{kind}}_was_public',
            CONSTRAINT = '{{kind}}_was_public';
    END IF
"""

#: Kind → the columns, and the condition, on which its former address is kept, and itself with it:
#: it cannot be deleted any more. Others keep it whenever they are given another slug, and are
#: deleted with it. An article keeps the address of what is or was public,
#: whatever decides that it is public or where. `{now}` is the database's own clock.
_ADDRESSED = {
    "article": (
        ("slug", "state", "published_at"),
        "OLD.state IN ('scheduled', 'published', 'withdrawn') AND OLD.published_at <= {now}",
    ),
}


def _addressed() -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Table, kind, columns and condition of each kind of row with an address."""
    for model in slugged_models():
        kind = model._meta.model_name
        yield model._meta.db_table, kind, *_ADDRESSED.get(kind, (("slug",), "TRUE"))


def install(*, using="default", **_):
    """Put every trigger in place, replacing those that are there. Receives `post_migrate`."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if not {"records_dataversion", "records_formeraddress", *FACT_TABLES} <= set(tables):
        return  # Migrated back to before the tables were there.
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, "records_formeraddress")
    if "row_id" not in {column.name for column in described}:
        return  # Or to before they were as the triggers write them.
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(*, using="default", **_):
    """Take the triggers away on SQLite, where a table that they read could not be rebuilt. Receives
    `pre_migrate`; `install` puts them back."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'records%'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def _events(check: Check) -> dict[str, str]:
    """After which events of its table there is something to check, in SQL."""
    events = {"insert": "INSERT", "update": f"UPDATE OF {', '.join(check.columns)}"}
    return events | ({"delete": "DELETE"} if check.left else {})


def _sqlite():
    for table in FACT_TABLES:
        for event in ("insert", "update", "delete"):
            name = f"{table}_renews_version_on_{event}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"""
                CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN
                    INSERT INTO records_dataversion (id, token, changed_at)
                    VALUES (1, lower(hex(randomblob(16))), strftime('%Y-%m-%d %H:%M:%S', 'now'))
                    ON CONFLICT (id) DO UPDATE
                    SET token = excluded.token, changed_at = excluded.changed_at;
                END
            """
    for table, check in CHECKED.items():
        for event, when in _events(check).items():
            refusals = "".join(
                f"SELECT RAISE(ABORT, '{rule}') WHERE EXISTS ({query});"
                for rule, query in check.queries(event, _SQLITE)
            )
            name = f"{table}_checked_on_{event}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {refusals} END"
    now = "strftime('%Y-%m-%d %H:%M:%S', 'now')"
    for table, kind, columns, condition in _addressed():
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
        yield f"DROP TRIGGER IF EXISTS {table}_keeps_address"
        yield f"""
            CREATE TRIGGER {table}_keeps_address AFTER UPDATE OF {", ".join(columns)} ON {table}
            WHEN ({changed}) AND {condition.format(now=now)}
            BEGIN {_KEEP_ADDRESS.format(kind=kind)}; END
        """
        if kind in _ADDRESSED:
            yield f"DROP TRIGGER IF EXISTS {table}_stays"
            yield f"""
                CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} BEGIN
                    SELECT RAISE(ABORT, '{kind}_was_public')
                    WHERE EXISTS ({_HAS_ADDRESSES.format(kind=kind)});
                END
            """
        yield f"DROP TRIGGER IF EXISTS {table}_forgets_addresses"
        yield f"""
            CREATE TRIGGER {table}_forgets_addresses AFTER DELETE ON {table}
            BEGIN {_FORGET_ADDRESSES.format(kind=kind)}; END
        """


def _postgresql():
    # The version changes once in a transaction: updating one row thousands of times in a bulk load
    # would make each update slower than the one before. What tells the changes of one transaction
    # apart, for itself, is a setting that ends with it (`LatestOwnChange` reads it).
    yield """
        CREATE OR REPLACE FUNCTION records_renew_version() RETURNS trigger AS $$
        BEGIN
            PERFORM set_config('records.latest_change', gen_random_uuid()::text, true);
            INSERT INTO records_dataversion AS version (id, token, changed_at)
            VALUES (1, txid_current() || '-' || gen_random_uuid(), now())
            ON CONFLICT (id) DO UPDATE SET token = EXCLUDED.token, changed_at = EXCLUDED.changed_at
            WHERE split_part(version.token, '-', 1) <> txid_current()::text;
            RETURN NULL;
        END $$ LANGUAGE plpgsql
    """
    for table in FACT_TABLES:
        yield f"DROP TRIGGER IF EXISTS records_renews_version ON {table}"
        yield f"""
            CREATE TRIGGER records_renews_version BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION records_renew_version()
        """
    for table, check in CHECKED.items():
        yield f"DROP TRIGGER IF EXISTS records_checked ON {table}"
        for event, when in _events(check).items():
            refusals = "".join(
                f"""
                IF EXISTS ({query}) THEN
                    RAISE check_violation USING MESSAGE = '{rule}', CONSTRAINT = '{rule}';
                END IF;
                """
                for rule, query in check.queries(event, _POSTGRESQL)
            )
            yield f"""
                CREATE OR REPLACE FUNCTION {table}_check_{event}() RETURNS trigger AS $$
                BEGIN {refusals} RETURN NULL; END $$ LANGUAGE plpgsql
            """
            yield f"DROP TRIGGER IF EXISTS records_checked_on_{event} ON {table}"
            yield f"""
                CREATE TRIGGER records_checked_on_{event} AFTER {when}
                ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_check_{event}()
            """
    # As it was called when articles alone kept theirs.
    yield "DROP TRIGGER IF EXISTS records_keeps_address ON records_article"
    for table, kind, columns, condition in _addressed():
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
        for name, event, when, statement in (
            (
                "keep_address",
                f"UPDATE OF {', '.join(columns)}",
                f"WHEN (({changed}) AND {condition.format(now='now()')})",
                _KEEP_ADDRESS,
            ),
            (
                "forget_addresses",
                "DELETE",
                "",
                _REFUSE if kind in _ADDRESSED else _FORGET_ADDRESSES,
            ),
        ):
            yield f"""
                CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger AS $$
                BEGIN {statement.format(kind=kind)}; RETURN NULL; END $$ LANGUAGE plpgsql
            """
            yield f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
            yield f"""
                CREATE TRIGGER {table}_{name} AFTER {event} ON {table}
                FOR EACH ROW {when} EXECUTE FUNCTION {table}_{name}()
            """


#: A value that is already there, as SQLite and PostgreSQL put it.
_TWICE = re.compile(r"UNIQUE constraint failed: ([\w., ]+)|Key \(([\w, ]+)\)=.* already exists")


def words(error: Exception) -> str:
    """What the database refused, as an editor is told: the words of the rule its error names.

    Takes a `django.db.DatabaseError`. Triggers' words are in `RULE_WORDS`, constraints' in the
    models' `violation_error_message`.
    """
    text = str(error)
    known = RULE_WORDS | {
        constraint.name: constraint.get_violation_error_message()
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
    named = [name for name in known if name in text]
    if not named and (match := _TWICE.search(text)):
        # Unique fields have no words, and SQLite names columns where a constraint has a name.
        columns = re.findall(r"(?:\w+\.)?(\w+)", match[1] or match[2])
        fields = " and ".join(column.removesuffix("_id").replace("_", " ") for column in columns)
        return f"There is another one with the same {fields}."
    if named:
        return known[max(named, key=len)]
    if "foreign key" in text.lower():
        return "Something it refers to was deleted meanwhile, or something still refers to it."
    if "locked" in text or "deadlock" in text:
        return "Somebody else was saving at the same time. Try again in a moment."
    return "The database refused this change."

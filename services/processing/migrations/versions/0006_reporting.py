"""What dashboards may read: functions for a read-only role, in the schema of the tables.

They stand beside the tables, so that a rebuild, which swaps the schema, brings its own along with
their grants. Bodies are bound when they are created (`BEGIN ATOMIC`): no search path leads astray.
Lists take a scope and end at a limit; counts keep small cells back.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLE = "motcua_reporting"
MOST = 1000
"""No list is longer, whatever is asked."""

# Whoever runs the migration may not be allowed to create roles; the role then comes from elsewhere
# (docs/dashboards.md). Roles belong to the whole server, so another migration may be creating it.
# A reader that a rebuild's swap keeps waiting gives up before PostgreSQL looks for deadlocks (1 s).
_ROLE = f"""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')
     AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)
  THEN
    CREATE ROLE {ROLE} LOGIN NOINHERIT CONNECTION LIMIT 20;
    ALTER ROLE {ROLE} SET default_transaction_read_only = on;
    ALTER ROLE {ROLE} SET statement_timeout = '10s';
    ALTER ROLE {ROLE} SET lock_timeout = '500ms';
    ALTER ROLE {ROLE} SET idle_in_transaction_session_timeout = '30s';
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$$
"""

_NOW = """
CREATE FUNCTION reporting_now() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT domain_anchor + round(
    (floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint - real_anchor) * rate
  )::bigint
  FROM reporting_terms;
END
"""

_DAY = """
CREATE FUNCTION reporting_day(moment bigint) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT ((moment + 25200000) / 86400000 + 719163)::integer;
END
"""

_DATE = """
CREATE FUNCTION reporting_date(day integer) RETURNS date LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT date '0001-01-01' + (day - 1);
END
"""

_RESTS = """
CREATE FUNCTION reporting_rests(rests text, day integer) RETURNS boolean
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT EXISTS (
    SELECT FROM generate_series(1, cardinality(string_to_array(rests, ' ')), 2) AS place
    WHERE day BETWEEN (string_to_array(rests, ' '))[place]::integer
                  AND (string_to_array(rests, ' '))[place + 1]::integer
  );
END
"""

# The rule of motcua_processing.domain.small_cells; a test holds both equal. The last is the total.
_SHOWN = """
CREATE FUNCTION reporting_shown(parts bigint[], smallest integer) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  total bigint := (SELECT coalesce(sum(one), 0) FROM unnest(parts) AS one);
  kept integer[] := ARRAY(
    SELECT place::integer FROM unnest(parts) WITH ORDINALITY AS p(one, place)
    WHERE one > 0 AND one < smallest
  );
  hidden bigint := (SELECT coalesce(sum(parts[place]), 0) FROM unnest(kept) AS place);
  also integer;
BEGIN
  IF cardinality(kept) = 0 THEN
    RETURN parts || total;
  END IF;
  IF cardinality(kept) = 1 OR hidden < smallest THEN
    SELECT place INTO also FROM unnest(parts) WITH ORDINALITY AS p(one, place)
    WHERE one >= smallest ORDER BY one, place LIMIT 1;
    IF also IS NOT NULL THEN
      kept := kept || also;
    END IF;
  END IF;
  RETURN ARRAY(
    SELECT CASE WHEN place = ANY(kept) THEN NULL ELSE one END
    FROM unnest(parts) WITH ORDINALITY AS p(one, place) ORDER BY place
  ) || CASE WHEN cardinality(kept) = 1 OR total < smallest THEN NULL ELSE total END;
END
$$
"""

_UNITS = """
CREATE FUNCTION reporting_units_in(scope text) RETURNS TABLE (told text, unit text, name text)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT standing.told, standing.counts_for, standing.name
  FROM (
    SELECT DISTINCT ON (u.told) u.told, u.counts_for, u.name, u.above
    FROM reporting_unit u
    WHERE u.first_day <= reporting_day(reporting_now())
    ORDER BY u.told, u.first_day DESC
  ) AS standing
  WHERE scope = ANY(standing.above);
END
"""

# Open, running and with a due date, as motcua_kernel.verdict sees it at the domain's now.
_OPEN = """
CREATE FUNCTION reporting_running(scope text) RETURNS TABLE (
  code text, unit text, unit_name text, department text, procedure text, status smallint,
  received_at bigint, due_day integer, due_moment bigint, due_by_day boolean, overdue boolean,
  today integer
) LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT d.code, u.unit, u.name, d.department, d.procedure, d.status,
    d.received_at, d.due_day, d.due_moment, d.due_by_day,
    CASE WHEN d.due_by_day THEN now.day > d.due_day ELSE now.moment > d.due_moment END, now.day
  FROM reporting_units_in(scope) u
  JOIN dossiers d ON d.reporting_unit = u.told
  CROSS JOIN (
    SELECT one AS moment, reporting_day(one) AS day FROM reporting_now() AS one OFFSET 0
  ) AS now
  WHERE d.received_at > 0 AND d.resolved_at = 0 AND d.closed_at = 0
    AND d.due_day IS NOT NULL AND NOT d.paused
    AND (d.rests = '' OR NOT reporting_rests(d.rests, now.day));
END
"""

# How many units a scope has is not known when it is planned: one pass over the dossiers, never one
# for each unit. `OFFSET 0` keeps what is the same for all dossiers from being computed for each.
_PLANNED = "SET enable_nestloop = off SET jit = off"

_COLUMNS = """
  code text, unit text, unit_name text, department text, procedure text, status smallint,
  received date, due date, due_at timestamptz, days integer
"""
_LISTED = """
  r.code, r.unit, r.unit_name, r.department, r.procedure, r.status,
  reporting_date(reporting_day(r.received_at)), reporting_date(r.due_day),
  CASE WHEN NOT r.due_by_day THEN to_timestamp(r.due_moment / 1000.0) END
"""

_OVERDUE = f"""
CREATE FUNCTION reporting_overdue(
  scope text, most integer DEFAULT 500, lead_department text DEFAULT NULL
) RETURNS TABLE ({_COLUMNS})
LANGUAGE sql STABLE SECURITY DEFINER {_PLANNED} BEGIN ATOMIC
  SELECT {_LISTED}, r.today - r.due_day
  FROM reporting_running(scope) r
  WHERE r.overdue AND r.department = coalesce(lead_department, r.department)
  ORDER BY r.due_day, r.due_moment, r.code
  LIMIT least(most, {MOST});
END
"""

_AHEAD = f"""
CREATE FUNCTION reporting_due_ahead(
  scope text, ahead integer DEFAULT 14, most integer DEFAULT 500, lead_department text DEFAULT NULL
) RETURNS TABLE ({_COLUMNS})
LANGUAGE sql STABLE SECURITY DEFINER {_PLANNED} BEGIN ATOMIC
  SELECT {_LISTED}, r.due_day - r.today
  FROM reporting_running(scope) r
  WHERE NOT r.overdue AND r.due_day <= r.today + ahead
    AND r.department = coalesce(lead_department, r.department)
  ORDER BY r.due_day, r.due_moment, r.code
  LIMIT least(most, {MOST});
END
"""

_DUE_DAYS = f"""
CREATE FUNCTION reporting_due_days(scope text, ahead integer DEFAULT 14)
RETURNS TABLE (due date, dossiers bigint)
LANGUAGE sql STABLE SECURITY DEFINER {_PLANNED} BEGIN ATOMIC
  SELECT reporting_date(counted.due_day), (reporting_shown(ARRAY[counted.number], t.small_cell))[1]
  FROM (
    SELECT r.due_day, count(*) AS number FROM reporting_running(scope) r
    WHERE NOT r.overdue AND r.due_day <= r.today + ahead
    GROUP BY r.due_day
  ) AS counted CROSS JOIN reporting_terms t
  ORDER BY counted.due_day;
END
"""

_PROCEDURES = f"""
CREATE FUNCTION reporting_procedures(scope text, month date DEFAULT NULL) RETURNS TABLE (
  procedure text, early bigint, on_time bigint, overdue bigint, no_deadline bigint, resolved bigint
) LANGUAGE sql STABLE SECURITY DEFINER {_PLANNED} BEGIN ATOMIC
  SELECT counted.procedure, s.shown[1], s.shown[2], s.shown[3], s.shown[4], s.shown[5]
  FROM (
    SELECT d.procedure,
      count(*) FILTER (WHERE v.outcome = 'early') AS early,
      count(*) FILTER (WHERE v.outcome = 'on_time') AS on_time,
      count(*) FILTER (WHERE v.outcome = 'overdue') AS overdue,
      count(*) FILTER (WHERE v.outcome = 'no_deadline') AS no_deadline
    FROM reporting_units_in(scope) u
    JOIN dossiers d ON d.reporting_unit = u.told
    CROSS JOIN (
      SELECT (first - date '0001-01-01' + 1 - 719163) * 86400000::bigint - 25200000 AS start,
        least(
          ((first + interval '1 month')::date - date '0001-01-01' + 1 - 719163) * 86400000::bigint
            - 25200000,
          moment + 1
        ) AS after
      FROM (
        SELECT one AS moment, date_trunc(
          'month', coalesce(month, reporting_date(reporting_day(one)))::timestamp
        )::date AS first
        FROM reporting_now() AS one
      ) AS asked
      OFFSET 0
    ) AS period
    CROSS JOIN LATERAL (SELECT CASE
      WHEN d.due_day IS NULL THEN 'no_deadline'
      WHEN CASE WHEN d.due_by_day THEN reporting_day(d.resolved_at) > d.due_day
                ELSE d.resolved_at > d.due_moment END THEN 'overdue'
      WHEN reporting_day(d.resolved_at) < d.due_day THEN 'early'
      ELSE 'on_time'
    END AS outcome) AS v
    WHERE d.received_at > 0 AND d.resolved_at > 0
      AND d.resolved_at >= period.start AND d.resolved_at < period.after
    GROUP BY d.procedure
  ) AS counted
  CROSS JOIN reporting_terms t
  CROSS JOIN LATERAL (SELECT reporting_shown(
    ARRAY[counted.early, counted.on_time, counted.overdue, counted.no_deadline], t.small_cell
  ) AS shown) AS s
  ORDER BY s.shown[3] DESC NULLS LAST, s.shown[5] DESC NULLS LAST, counted.procedure
  LIMIT {MOST};
END
"""

_FOR_DASHBOARDS = (
    "reporting_overdue(text, integer, text)",
    "reporting_due_ahead(text, integer, integer, text)",
    "reporting_due_days(text, integer)",
    "reporting_procedures(text, date)",
)
_INSIDE = (
    "reporting_running(text)",
    "reporting_units_in(text)",
    "reporting_shown(bigint[], integer)",
    "reporting_rests(text, integer)",
    "reporting_date(integer)",
    "reporting_day(bigint)",
    "reporting_now()",
)

_GRANT = f"""
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {ROLE}', current_schema());
    GRANT EXECUTE ON FUNCTION {", ".join(_FOR_DASHBOARDS)} TO {ROLE};
  END IF;
END
$$
"""


def upgrade() -> None:
    """The service writes the terms and the units at its next start."""
    op.create_table(
        "reporting_terms",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("registry_offset", sa.BigInteger, nullable=False),
        sa.Column("real_anchor", sa.BigInteger, nullable=False),
        sa.Column("domain_anchor", sa.BigInteger, nullable=False),
        sa.Column("rate", sa.Float, nullable=False),
        sa.Column("small_cell", sa.Integer, nullable=False),
    )
    op.create_table(
        "reporting_unit",
        sa.Column("told", sa.Text, primary_key=True),
        sa.Column("first_day", sa.Integer, primary_key=True),
        sa.Column("counts_for", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("above", sa.ARRAY(sa.Text), nullable=False),
    )
    for inside in (_NOW, _DAY, _DATE, _RESTS, _SHOWN, _UNITS, _OPEN):
        op.execute(inside)
    for asked in (_OVERDUE, _AHEAD, _DUE_DAYS, _PROCEDURES):
        op.execute(asked)
    op.execute(f"REVOKE ALL ON FUNCTION {', '.join(_FOR_DASHBOARDS + _INSIDE)} FROM PUBLIC")
    op.execute(_ROLE)
    op.execute(_GRANT)


def downgrade() -> None:
    """The role stays: it belongs to the server, and another schema may use it."""
    for function in _FOR_DASHBOARDS + _INSIDE:
        op.execute(f"DROP FUNCTION {function}")
    op.execute(
        f"""DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM {ROLE}', current_schema());
        END IF; END $$"""
    )
    op.drop_table("reporting_unit")
    op.drop_table("reporting_terms")

"""A store in PostgreSQL with pgvector, where one machine is not enough: the server proposes, our integers decide.

Names, consents and templates reach the server as ciphertext only. For its index each template has a second form: the
unit vector turned by a secret orthogonal matrix made from the key (store/rotation.py says what that hides).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg

from bitfast_faces.errors import FacesError
from bitfast_faces.matching import UNIT
from bitfast_faces.store.books import Books
from bitfast_faces.store.index import Candidate, candidates
from bitfast_faces.store.ledger import Scrub
from bitfast_faces.store.rotation import SLACK, rotated, rotation
from bitfast_faces.store.vault import Key
from bitfast_faces.types import DIMENSIONS, Templates

_TRIED = "Using the store in PostgreSQL."
_LOCK = 0x6661636573  # "faces": the advisory lock of whoever writes
_APPROXIMATELY = 200  # candidates asked of the HNSW index, and its ef_search

_SCHEMA = f"""
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA IF NOT EXISTS bitfast_faces;
SET search_path TO bitfast_faces, public;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (id BIGINT PRIMARY KEY, sealed_key BYTEA NOT NULL, sealed BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS consents (
    id BIGINT PRIMARY KEY, person BIGINT NOT NULL REFERENCES people, sealed BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS templates (
    id BIGINT PRIMARY KEY, person BIGINT NOT NULL REFERENCES people, sealed BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS corrections (
    id BIGINT PRIMARY KEY, person BIGINT NOT NULL REFERENCES people, sealed BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS vectors (
    template BIGINT PRIMARY KEY REFERENCES templates ON DELETE CASCADE, rotated vector({DIMENSIONS}) NOT NULL);
CREATE INDEX IF NOT EXISTS consents_of ON consents (person);
CREATE INDEX IF NOT EXISTS templates_of ON templates (person);
CREATE INDEX IF NOT EXISTS corrections_of ON corrections (person);
CREATE TABLE IF NOT EXISTS audit (
    id BIGINT PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, digest TEXT NOT NULL);
CREATE OR REPLACE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE OR REPLACE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
"""


class PostgresDatabase:
    """A ledger.Database on a server; one connection, made again after it was lost."""

    def __init__(self, url: str, *, create: bool) -> None:
        self._url = url
        with self._explained():
            self._connection = self._connect()
        try:
            there = self.rows("SELECT to_regclass('bitfast_faces.meta') IS NOT NULL")[0][0]
            if not there and not create:
                raise FacesError(_TRIED, "There is none in this database yet.", "bitfast-faces enrol makes it.")
            if not there:
                with self._explained(), self.transaction():
                    self._connection.execute(_SCHEMA)
        except BaseException:
            self._connection.close()
            raise

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        options = "-c search_path=bitfast_faces,public"
        return psycopg.connect(
            self._url, autocommit=True, connect_timeout=10, options=options, application_name="bitfast-faces"
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._explained():
            self._reconnect()
            with self._connection.transaction():
                self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._explained():
            self._reconnect()
            with self._connection.transaction():
                self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._explained():
            self._reconnect()
            return self._connection.execute(_dialect(sql), values).fetchall()

    def run(self, sql: str, *values: object) -> None:
        with self._explained():
            self._connection.execute(_dialect(sql), values)

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        with self._explained(), self._connection.cursor() as cursor:
            cursor.executemany(_dialect(sql), values)

    def scrub(self, gone: Sequence[bytes]) -> Scrub:
        """Vacuums the tables and asks for the deleted ciphertexts.

        The server's files, its log, replicas and backups are not within reach from here: their retention is its own.
        """
        self.compact()
        for table in ("people", "consents", "templates", "corrections"):
            column = "sealed_key = ANY(?) OR sealed = ANY(?)" if table == "people" else "sealed = ANY(?)"
            values = [list(gone)] * column.count("?")
            if self.rows(f"SELECT 1 FROM {table} WHERE {column} LIMIT 1", *values):
                raise FacesError(
                    "Verifying a deletion in PostgreSQL.",
                    f"The server still has a deleted row in {table}.",
                    "Look whether something restores rows there: a trigger, a rule, a replica.",
                )
        orphans = "SELECT 1 FROM vectors v WHERE NOT EXISTS (SELECT 1 FROM templates t WHERE t.id = v.template) LIMIT 1"
        if self.rows(orphans):
            raise FacesError(
                "Verifying a deletion in PostgreSQL.",
                "The server still has a search vector whose template was deleted.",
                "Have its owner delete the rows of bitfast_faces.vectors without a template.",
            )
        return Scrub("rows", 0)

    def compact(self) -> None:
        with self._explained():
            self._reconnect()
            for table in ("people", "consents", "templates", "corrections", "vectors"):
                self._connection.execute(f"VACUUM {table}")

    def check(self) -> None:
        missing = self.rows("SELECT count(*) FROM templates t LEFT JOIN vectors v ON v.template = t.id WHERE v IS NULL")
        if missing[0][0]:
            raise FacesError(
                _TRIED,
                f"{missing[0][0]} templates have no vector, so a search misses them.",
                "Restore it from a backup.",
            )

    def close(self) -> None:
        self._connection.close()

    def _reconnect(self) -> None:
        if self._connection.closed:
            self._connection = self._connect()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory) as error:
            raise FacesError(_TRIED, f"The server is full ({_said(error)}).", "Free some space there.") from None
        except psycopg.OperationalError as error:
            raise FacesError(
                _TRIED,
                f"There is no connection, or it was lost ({_said(error)}).",
                "See whether the server runs and the address is right. What was being written is there whole or not.",
            ) from None
        except psycopg.errors.InsufficientPrivilege as error:
            advice = "Have the database's owner run CREATE EXTENSION vector and give this user a schema bitfast_faces."
            raise FacesError(_TRIED, f"The user may not do this ({_said(error)}).", advice) from None
        except psycopg.errors.FeatureNotSupported as error:
            advice = "Install pgvector on the server: the distribution's package is postgresql-NN-pgvector."
            raise FacesError(_TRIED, f"The server lacks something ({_said(error)}).", advice) from None
        except psycopg.Error as error:
            raise FacesError(
                _TRIED, f"The server says: {_said(error)}.", "bitfast-faces check reads all of it."
            ) from None


class PostgresBooks(Books):
    """Books whose templates are found by the server.

    Exactly: the server scans all vectors and gives those no further than SLACK below the threshold, so every template
    at the threshold or above. With `approximate` its HNSW index gives the nearest it finds: a person may be missed, and
    is then "unknown", but nobody is ever named whose integers do not say so.
    """

    def __init__(
        self, database: PostgresDatabase, key: Key, *, approximate: bool, space: str | None, today: Callable[[], date]
    ) -> None:
        super().__init__(database, key, space=space, today=today)
        self._approximate = approximate
        self._rotation = rotation(key, self._ledger.store)
        if approximate:
            with self._ledger.writing():
                database.run("CREATE INDEX IF NOT EXISTS nearest ON vectors USING hnsw (rotated vector_ip_ops)")

    def rotate(self, new: Key, *, by: str = "") -> bool:
        with self._lock:
            overwritten = super().rotate(new, by=by)
            self._rotation = rotation(new, self._ledger.store)
            return overwritten

    def _candidates(self, queries: Templates, threshold: int) -> list[list[Candidate]]:
        turned = rotated(self._rotation, queries)
        return [
            candidates(self._cabinet.opened(self._proposed(vector, threshold)), query[None], threshold)[0]
            for query, vector in zip(queries, turned, strict=True)
        ]

    def _proposed(self, vector: str, threshold: int) -> list[tuple[Any, ...]]:
        """Rows for Cabinet.opened, by their numbers. pgvector's <#> is the inner product's negative, in float32."""
        if self._approximate:
            with self._database.reading():
                self._database.run(f"SET LOCAL hnsw.ef_search = {_APPROXIMATELY}")
                near = self._database.rows(
                    f"SELECT template FROM vectors ORDER BY rotated <#> ?::vector LIMIT {_APPROXIMATELY}", vector
                )
        else:
            least = threshold / (UNIT * UNIT) - SLACK
            near = self._database.rows("SELECT template FROM vectors WHERE rotated <#> ?::vector <= ?", vector, -least)
        return self._database.rows(
            "SELECT t.id, t.person, t.sealed, p.sealed_key FROM templates t JOIN people p ON p.id = t.person "
            "WHERE t.id = ANY(?) ORDER BY t.id",
            [number for (number,) in near],
        )

    def _refresh(self) -> None:
        """There is nothing in memory."""

    def _placed(self, rows: range, templates: Templates) -> None:
        values = list(zip(rows, rotated(self._rotation, templates), strict=True))
        self._database.run_many("INSERT INTO vectors (template, rotated) VALUES (?, ?::vector)", values)

    def _rekeyed(self, new: Key) -> None:
        turn = rotation(new, self._ledger.store)
        for some in self._cabinet.every_template():
            values = list(zip(rotated(turn, some.templates), some.rows.tolist(), strict=True))
            self._database.run_many("UPDATE vectors SET rotated = ?::vector WHERE template = ?", values)


def open_postgres(
    url: str, key: Key, *, create: bool, space: str | None, today: Callable[[], date], approximate: bool = False
) -> Books:
    """The store in a database, by its URL (https://www.postgresql.org/docs/current/libpq-connect.html)."""
    database = PostgresDatabase(url, create=create)
    try:
        return PostgresBooks(database, key, approximate=approximate, space=space, today=today)
    except BaseException:
        database.close()
        raise


def _dialect(sql: str) -> Any:
    return sql.replace("?", "%s")


def _said(error: psycopg.Error) -> str:
    """The server's first line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")

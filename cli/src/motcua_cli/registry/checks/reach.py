"""Whom an entry reaches: publishers, suspensions and rules name units and procedures that exist."""

from collections.abc import Iterator

from motcua_cli.registry.checks.book import Book, unknown
from motcua_cli.registry.faults import Fault


def reach_faults(book: Book) -> Iterator[Fault]:
    """The faults of the given publishers, suspensions and deadline rules."""
    for one in book.of("publisher"):
        names = one.entry.publisher.units
        yield from unknown(one, ("publisher", "units"), names, book.units)
    for one in book.of("suspension"):
        suspension = one.entry.suspension
        yield from unknown(one, ("suspension", "units"), suspension.units, book.units)
        path = ("suspension", "procedures")
        yield from unknown(one, path, suspension.procedures, book.procedures)
    for one in book.of("deadline_rules"):
        scope = one.entry.deadline_rules.scope
        path = ("deadline_rules", "scope")
        yield from unknown(one, path, filter(None, [scope]), book.units)

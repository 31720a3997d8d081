"""What entries say about each other must hold: every rule of `checks`, every fault at once."""

from collections.abc import Iterable

from motcua.registry.v1 import registry_pb2 as pb

from motcua_cli.registry.checks.book import book_of
from motcua_cli.registry.checks.calendars import calendar_faults
from motcua_cli.registry.checks.parties import party_faults
from motcua_cli.registry.checks.procedures import procedure_faults
from motcua_cli.registry.checks.reach import reach_faults
from motcua_cli.registry.checks.repeats import repeat_faults
from motcua_cli.registry.checks.units import unit_faults
from motcua_cli.registry.faults import Fault, refuse
from motcua_cli.registry.files import Sourced


def check_references(entries: Iterable[Sourced], known: Iterable[pb.RegistryEntry] = ()) -> None:
    """Check entries against each other and against those `known` already.

    Raises:
        InvalidRegistry: with every fault.
    """
    refuse(reference_faults(entries, known))


def reference_faults(
    entries: Iterable[Sourced], known: Iterable[pb.RegistryEntry] = ()
) -> list[Fault]:
    """The faults of entries among each other and with those `known`, in the order of the rules."""
    book = book_of(entries, known)
    return [
        *unit_faults(book),
        *procedure_faults(book),
        *calendar_faults(book),
        *reach_faults(book),
        *party_faults(book),
        *repeat_faults(book),
    ]

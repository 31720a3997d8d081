"""`motcua up`."""

from motcua_cli.commands.options import Data, Observability
from motcua_cli.console import reports_failures, say
from motcua_cli.local.running import running_system
from motcua_cli.local.waiting import end_in_order_on_sigterm, say_addresses, wait_for_end
from motcua_cli.stack.paths import run_folder


@reports_failures
def up(data: Data = None, observability: Observability = True) -> None:
    """Dựng cả hệ thống tại chỗ cho đến Ctrl-C · Run the whole system here until Ctrl-C."""
    end_in_order_on_sigterm()
    with running_system(data or run_folder(), observability=observability) as system:
        say("Hệ thống đã sẵn sàng.", "The system is ready.")
        say_addresses(system)
        say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop.")
        wait_for_end()

"""`make up`: start everything on this machine, deploy, migrate, seed, run the main job, and serve until Ctrl-C.

python -m local.up              serve after the job
python -m local.up --once       end after the job, with its exit status
python -m local.up --no-job     serve without running the job
python -m local.up --down       end a Stepweave that serves
python -m local.up --reset      end it and clear its state
"""

import argparse
import asyncio
import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Sequence

import psutil
from rich.console import Console

from local.client.rest import ApiError, Client, Unreachable
from local.emulator.memory import give_back
from local.settings import DEMO_EMAIL, DEMO_PASSWORD, HOST, LocalSettings, SettingsError
from local.stack.part import STOP_SECONDS, PartError
from local.stack.single import supervisor
from local.stack.stack import Stack


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` ask. Returns the exit status: 0, or 1 with one clear message on stderr."""
    parser = argparse.ArgumentParser(prog="make up", description="Stepweave on one machine.")
    parser.add_argument("--once", action="store_true", help="end after the main job, with its exit status")
    parser.add_argument("--no-job", action="store_true", help="do not run the main job")
    parser.add_argument("--down", action="store_true", help="end a Stepweave that serves")
    parser.add_argument("--reset", action="store_true", help="end it and clear its state")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    try:
        settings = LocalSettings.from_environment()
        if options.down or options.reset:
            return end(settings, console, clear=options.reset)
        return asyncio.run(serve(settings, console, job=not options.no_job, once=options.once))
    except (PartError, SettingsError, ApiError, Unreachable, RuntimeError, TimeoutError, OSError) as error:
        print(f"\nstepweave: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def serve(settings: LocalSettings, console: Console, *, job: bool, once: bool) -> int:
    """Bring the stack up, run the job, serve. Returns the exit status."""
    began = time.monotonic()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with Stack(
        settings, say=lambda text: console.print(f"[dim]{time.monotonic() - began:5.1f} s[/]  {text}")
    ) as stack:
        work = asyncio.create_task(_bring_up(stack, console, job))
        stop, died = asyncio.create_task(stopping.wait()), asyncio.create_task(stack.died())
        await asyncio.wait((work, stop, died), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
        status = 0
        if work.done() and not work.cancelled():
            status = 0 if work.result() else 1
            if not once:
                _greet(settings, console, time.monotonic() - began)
                give_back()  # what deploying took
                await asyncio.wait((stop, died), return_when=asyncio.FIRST_COMPLETED)
        if died.done():
            raise died.result()
        if not stop.done():
            stop.cancel()
        died.cancel()
        console.print("\nstopping ...")
    return status


async def _bring_up(stack: Stack, console: Console, job: bool) -> bool:
    await stack.start()
    async with Client(stack.settings.url) as client:
        from local import mainjob
        from local.seed.seed import seed

        workflow = await seed(client, stack.settings)
        stack.say("[bold green]ready[/]")
        return not job or await mainjob.run(client, stack.settings, workflow, console)


def _greet(settings: LocalSettings, console: Console, seconds: float) -> None:
    console.print(f"[bold]Stepweave serves at [link={settings.url}]{settings.url}[/link][/]   ({seconds:.1f} s)")
    console.print(f"  log in as {DEMO_EMAIL} with {DEMO_PASSWORD}")
    console.print(f"  hooks  {settings.content_url}  (webhooks, forms, chats)")
    console.print(f"  mail   {settings.mail_url}")
    console.print(f"  logs   {settings.logs}")
    if settings.listen != HOST:
        console.print(f"  [bold]other machines can reach it[/] (STEPWEAVE_LISTEN={settings.listen})")
    console.print("  Ctrl-C ends it; `make reset` clears its state.")


def end(settings: LocalSettings, console: Console, *, clear: bool) -> int:
    """End the supervisor whose process id the state folder holds, and clear the state where asked."""
    process = supervisor(settings)
    if process is not None:
        console.print(f"stopping Stepweave (process {process.pid}) ...")
        process.terminate()
        try:
            process.wait(STOP_SECONDS * 3)
        except psutil.TimeoutExpired:
            process.kill()
    else:
        console.print("Stepweave does not run.")
    if clear and settings.state.exists():
        shutil.rmtree(settings.state)
        console.print(f"cleared {settings.state}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

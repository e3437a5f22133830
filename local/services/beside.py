"""The mail catcher and the demo service in one process, as `make up` serves them: two would hold 25 MB more.

The demo service has the local model, too (`local.model`), unless `STEPWEAVE_LOCAL_MODEL` is 0.

python -m local.services.beside --port 8401 --smtp-port 8402 --demo-port 8403
"""

import argparse
import asyncio
import signal

from aiohttp import web

from local.model import serving
from local.model.running import Engine
from local.services import demo, mail
from local.settings import HOST, has_local_model


async def serve(mail_port: int, smtp_port: int, demo_port: int) -> None:
    """Serve both until told to stop. The demo service comes last: when it answers, both do."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    demonstration = demo.application()
    if has_local_model():
        serving.add(demonstration, Engine())
    applications = ((mail.application(mail.Inbox(), smtp_port), mail_port), (demonstration, demo_port))
    runners = []
    for application, port in applications:
        runners.append(runner := web.AppRunner(application, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
    await stopping.wait()
    for runner in runners:
        await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The mail catcher and the demo service.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--demo-port", type=int, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.smtp_port, arguments.demo_port))

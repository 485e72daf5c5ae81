"""endpoint SETTINGS: serves the pipes of a session host behind smbd, until it is ended."""
import asyncio
import sys

import settings
from host import Host


async def main():
    await Host(settings.read(sys.argv[1])).listen()
    print('the pipes are open', flush=True)
    await asyncio.Event().wait()


asyncio.run(main())

"""The host as the pipes see it: its interfaces, its world, its log."""
import asyncio
import json
import os
import time

import npam
from association import Association
from enumeration import TermSrvEnumeration
from faults import matching
from icaapi import IcaApi
from mgmt import Mgmt
from notification import TermSrvNotification
from rcm import RCMListener, RCMPublic
from session import TermSrvSession
from world import World

INTERFACES = [TermSrvSession, TermSrvNotification, TermSrvEnumeration, RCMPublic, RCMListener, IcaApi, Mgmt]


class Host:
    def __init__(self, settings):
        self.settings = settings
        with open(settings.world, encoding='utf-8') as file:
            self.world = World(json.load(file))
        with open(settings.written_world, 'w', encoding='utf-8') as file:
            json.dump(self.world.described(), file, ensure_ascii=False)
        self._log = open(settings.log, 'a', encoding='utf-8')

    def log(self, **what):
        """One line of JSON."""
        self._log.write(json.dumps({'at': round(time.time(), 3), **what}, ensure_ascii=False, default=str) + '\n')
        self._log.flush()

    def interface(self, pipe, syntax):
        return next((one for one in INTERFACES if one.pipe in (pipe, None) and one.syntax == syntax), None)

    def fault_for(self, call, request):
        return matching(self.settings.faults + self.world.faults, call, request)

    async def listen(self):
        """Opens the sockets of its pipes; smbd wants them in a directory of root alone."""
        for pipe in self.settings.pipes:
            path = f'{self.settings.sockets}/{pipe.lower()}'
            await asyncio.start_unix_server(lambda reader, writer, pipe=pipe: self._serve(pipe, reader, writer), path)
            os.chmod(path, 0o600)

    async def _serve(self, pipe, reader, writer):
        try:
            account = await npam.accept(reader, writer, self.settings.accounts)
        except (ValueError, asyncio.IncompleteReadError) as error:
            self.log(pipe=pipe, handshake=str(error))
            writer.close()
            return
        self.log(pipe=pipe, opened=account)
        await Association(self, pipe, reader, writer, account).run()

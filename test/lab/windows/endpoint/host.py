"""The host as the pipes see it: its interfaces, its world, its log."""
import asyncio
import json
import os
import time

import control
import npam
from association import Association
from enumeration import TermSrvEnumeration
from faults import matching
from icaapi import IcaApi
from mgmt import Mgmt
from notification import TermSrvNotification
from rcm import RCMListener, RCMPublic
from sessenv import SessEnvPublicRpc
from session import TermSrvSession
from world import World

INTERFACES = [TermSrvSession, TermSrvNotification, TermSrvEnumeration, RCMPublic, RCMListener, IcaApi, SessEnvPublicRpc, Mgmt]


class Host:
    def __init__(self, settings):
        self.settings = settings
        with open(settings.world, encoding='utf-8') as file:
            self.world = World(json.load(file), self._crash)
        with open(settings.written_world, 'w', encoding='utf-8') as file:
            json.dump(self.world.described(), file, ensure_ascii=False)
        self._associations = set()
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
        if self.settings.control is not None:
            await control.listen(self, self.settings.control)

    def hang_up(self, pipe):
        """Closes all instances of a pipe, as a service does that is restarted."""
        for association in [one for one in self._associations if one.pipe == pipe]:
            association.hang_up()

    def _crash(self, why):
        """A process has ended that Windows does not live without: nothing is answered any more."""
        self.log(crashed=why)
        os._exit(1)

    async def _serve(self, pipe, reader, writer):
        try:
            account = await npam.accept(reader, writer, self.settings.accounts)
        except (ValueError, asyncio.IncompleteReadError) as error:
            self.log(pipe=pipe, handshake=str(error))
            writer.close()
            return
        self.log(pipe=pipe, opened=account)
        association = Association(self, pipe, reader, writer, account)
        self._associations.add(association)
        try:
            await association.run()
        finally:
            self._associations.discard(association)

"""One pipe that a client opened: binds, requests and their answers, several at a time."""
import asyncio
import struct
from uuid import UUID

import npam
import pdu
from call import Call
from faults import Fault
from security import CONNECT, PRIVACY, PROTOCOLS, SIGNATURE_LENGTH, Refused, SecurityContext

NDR = UUID('8a885d04-1ceb-11c9-9fe8-08002b104860').bytes_le + struct.pack('<I', 2)
FEATURES = UUID('6cb71c2c-9812-4540-0000-000000000000').bytes_le[:8]
CONCURRENT_SECURITY, KEEP_ON_ORPHAN = 1, 2
NONE = b'\0' * 20

ACCESS_DENIED = 0x00000005
OUT_OF_RANGE = 0x1C010002
UNKNOWN_INTERFACE = 0x1C010003
CANCELLED = 0x1C00000D
CALL_FAILED = 0x000006BE

LONGEST_REQUEST = 1 << 20
MOST_CALLS = 256


class Association:
    def __init__(self, host, pipe, reader, writer, account):
        self.host = host
        self.pipe = pipe
        self.account = account
        self.security = None
        self.handles = {}
        self._reader, self._writer = reader, writer
        self._interfaces = {}
        self._fragments = {}
        self._calls = {}
        self._longest = host.settings.fragment
        self._concurrent = False
        self._turn, self._speaking = asyncio.Lock(), asyncio.Lock()

    async def run(self):
        buffered = b''
        try:
            while (message := await npam.read_message(self._reader)) is not None:
                buffered += message
                while (length := pdu.length_of(buffered)) is not None and len(buffered) >= length:
                    await self._receive(pdu.read(buffered[:length]))
                    buffered = buffered[length:]
        except (ValueError, struct.error, Refused, ConnectionError) as error:
            self.host.log(pipe=self.pipe, closed=str(error))
        finally:
            for task in self._calls.values():
                task.cancel()
            self._writer.close()
            for thing in self.handles.values():
                self.host.world.unsubscribe(thing)

    def hang_up(self):
        self._writer.close()

    async def _receive(self, received):
        if received.type in (pdu.BIND, pdu.ALTER_CONTEXT):
            await self._bind(received)
        elif received.type == pdu.AUTH3:
            self._finish(received)
        elif received.type == pdu.REQUEST:
            await self._request(received)
        elif received.type in (pdu.CANCEL, pdu.ORPHANED) and received.call_id in self._calls:
            self._calls[received.call_id].cancel()

    async def _bind(self, received):
        transmit, receive, group, proposed = pdu.contexts(received.body)
        self._longest = min(self.host.settings.fragment, receive)
        self._concurrent = self._concurrent or bool(received.flags & pdu.CONCURRENT)
        results = [self._judge(context) for context in proposed]
        try:
            token = self._authenticate(received)
        except Refused as refused:
            self.host.log(pipe=self.pipe, refused=str(refused))
            await self._fault(received.call_id, 0, ACCESS_DENIED)
            return
        address = b'' if received.type == pdu.ALTER_CONTEXT else f'\\PIPE\\{self.pipe}\0'.encode()
        body = pdu.accepted(min(self.host.settings.fragment, transmit), self._longest, group or 1, address, results)
        answer = pdu.ALTER_CONTEXT_RESPONSE if received.type == pdu.ALTER_CONTEXT else pdu.BIND_ACK
        flags = pdu.FIRST | pdu.LAST | received.flags & (pdu.CONCURRENT | pdu.HEADER_SIGNING)
        trailer = b''
        if token:
            body += b'\0' * (-len(body) % 4)
            trailer = pdu.trailer(self.security)
        await self._send(pdu.write(answer, flags, received.call_id, body, trailer, token))

    def _judge(self, context):
        """What becomes of one proposed context: (result, reason, transfer syntax)."""
        for syntax in context.transfer_syntaxes:
            if syntax[:8] == FEATURES:
                return pdu.NEGOTIATED, syntax[8] & (CONCURRENT_SECURITY | KEEP_ON_ORPHAN), NONE
        interface = self.host.interface(self.pipe, context.interface)
        if interface is None:
            return (*pdu.NO_SUCH_INTERFACE, NONE)
        if NDR not in context.transfer_syntaxes:
            return (*pdu.NO_SUCH_TRANSFER_SYNTAX, NONE)
        self._interfaces[context.id] = interface
        return (*pdu.ACCEPTED, NDR)

    def _authenticate(self, received):
        """Takes the client's token; gives the next one."""
        offered = received.trailer
        if offered is None:
            return b''
        if offered.auth_type not in PROTOCOLS:
            raise Refused(f'no security provider {offered.auth_type}')
        if self.security is None:
            self.security = SecurityContext(offered.auth_type, offered.level, offered.context_id)
        if self.security.complete:
            return b''
        token = self.security.step(received.token)
        if self.security.complete:
            self.account = self.security.account
            self.host.log(pipe=self.pipe, logon=self.account, level=offered.level, auth=PROTOCOLS[offered.auth_type])
        return token

    @property
    def _secured(self):
        return self.security is not None and self.security.complete and self.security.level > CONNECT

    def _finish(self, received):
        """Takes the last token of a logon. Nothing answers it: one that fails is seen at the next request."""
        try:
            self._authenticate(received)
        except Refused as refused:
            self.host.log(pipe=self.pipe, refused=str(refused))

    async def _request(self, received):
        at = 8 + (16 if received.flags & pdu.OBJECT else 0)
        fixed, stub = received.raw[: pdu.HEADER_LENGTH + at], received.body[at:]
        if received.trailer is not None and self._secured:
            stub = self.security.unprotect(fixed, stub, received.trailer.raw, received.token)
        if received.trailer is not None:
            stub = stub[: len(stub) - received.trailer.pad_length]
        collected = (b'' if received.flags & pdu.FIRST else self._fragments.pop(received.call_id, b'')) + stub
        if len(collected) > LONGEST_REQUEST or len(self._calls) > MOST_CALLS:
            raise ValueError('more than a client of this host should ask at once')
        if not received.flags & pdu.LAST:
            self._fragments[received.call_id] = collected
            return
        context_id, opnum = struct.unpack_from('<HH', received.body, 4)
        protected = received.trailer is not None
        task = asyncio.create_task(self._answer(received.call_id, context_id, opnum, collected, protected))
        self._calls[received.call_id] = task
        task.add_done_callback(lambda _: self._calls.pop(received.call_id, None))

    async def _answer(self, call_id, context_id, opnum, stub, protected):
        try:
            if self._concurrent:
                answer = await self._serve(context_id, opnum, stub, protected)
            else:
                async with self._turn:
                    answer = await self._serve(context_id, opnum, stub, protected)
            await self._respond(call_id, context_id, answer)
        except Fault as fault:
            await self._fault(call_id, context_id, fault.status)
        except asyncio.CancelledError:
            if not self._writer.is_closing():
                await self._fault(call_id, context_id, CANCELLED)

    async def _serve(self, context_id, opnum, stub, protected):
        interface = self._interfaces.get(context_id)
        if interface is None:
            raise Fault(UNKNOWN_INTERFACE)
        if not self._allowed(protected):
            self.host.log(pipe=self.pipe, interface=interface.name, opnum=opnum, fault=ACCESS_DENIED)
            raise Fault(ACCESS_DENIED)
        method = interface.methods.get(opnum)
        if method is None or f'{interface.name}.{method.name}' in self.host.settings.absent:
            self.host.log(pipe=self.pipe, interface=interface.name, opnum=opnum, fault=OUT_OF_RANGE)
            raise Fault(OUT_OF_RANGE)
        try:
            return await Call(self.host, self, interface, method).run(stub)
        except (Fault, asyncio.CancelledError):
            raise
        except Exception as error:
            self.host.log(pipe=self.pipe, interface=interface.name, call=method.name, broken=repr(error))
            raise Fault(CALL_FAILED) from error

    def _allowed(self, protected):
        if self.security is None:
            return not self.host.settings.require_privacy
        if not self.security.complete or (self._secured and not protected):
            return False
        return self.security.level == PRIVACY or not self.host.settings.require_privacy

    async def _respond(self, call_id, context_id, stub):
        overhead = pdu.HEADER_LENGTH + 8 + (pdu.TRAILER_LENGTH + SIGNATURE_LENGTH if self._secured else 0)
        room = (self._longest - overhead) // 16 * 16
        async with self._speaking:
            for at in range(0, max(len(stub), 1), room):
                part = stub[at : at + room]
                flags = (pdu.FIRST if at == 0 else 0) | (pdu.LAST if at + room >= len(stub) else 0)
                body = struct.pack('<IHBB', len(stub) - at, context_id, 0, 0)
                if self._secured:
                    await self._send(self._protected(flags, call_id, body, part))
                else:
                    await self._send(pdu.write(pdu.RESPONSE, flags, call_id, body + part))
                if self.host.settings.fragment_delay:
                    await asyncio.sleep(self.host.settings.fragment_delay)

    def _protected(self, flags, call_id, body, stub):
        padding = -len(stub) % 16
        stub += b'\0' * padding
        length = pdu.HEADER_LENGTH + len(body) + len(stub) + pdu.TRAILER_LENGTH + SIGNATURE_LENGTH
        header = pdu.header(pdu.RESPONSE, flags, call_id, length, SIGNATURE_LENGTH) + body
        trailer = pdu.trailer(self.security, padding)
        stub, signature = self.security.protect(header, stub, trailer)
        return header + stub + trailer + signature

    async def _fault(self, call_id, context_id, status):
        body = struct.pack('<IHBBII', 0, context_id, 0, 0, status, 0)
        async with self._speaking:
            await self._send(pdu.write(pdu.FAULT, pdu.FIRST | pdu.LAST | pdu.DID_NOT_EXECUTE, call_id, body))

    async def _send(self, raw):
        await npam.write_message(self._writer, raw)

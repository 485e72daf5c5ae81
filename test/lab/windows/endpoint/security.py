"""RPC security as an acceptor: NTLM, raw or inside SPNEGO. pyspnego does the cryptography."""
import spnego
from spnego import _ntlm
from spnego._ntlm_raw.messages import NTClientChallengeV2, TargetInfo
from spnego.iov import BufferType

SPNEGO = 9
NTLM = 10
PROTOCOLS = {SPNEGO: 'negotiate', NTLM: 'ntlm'}

CONNECT = 2
INTEGRITY = 5
PRIVACY = 6
SIGNATURE_LENGTH = 16


class Refused(Exception):
    """The logon failed, or a PDU is not what its signature says."""


class ReceivedInfo(TargetInfo):
    """What pyspnego makes the response anew from: the bytes that came, less the four zeros that it adds itself."""

    raw = b''

    def pack(self):
        return self.raw[:-4]


class ReceivedChallenge(NTClientChallengeV2):
    """A client's challenge whose target information stays as it came.

    pyspnego writes it anew before it compares, with four zeros after its end; impacket sends none, and Windows takes
    either.
    """

    @property
    def av_pairs(self):
        info = ReceivedInfo(super().av_pairs)
        info.raw = self.pack()[28:]
        return info

    @staticmethod
    def unpack(b_data):
        return ReceivedChallenge(_b_data=b_data)


_ntlm.NTClientChallengeV2 = ReceivedChallenge


class SecurityContext:
    def __init__(self, auth_type, level, context_id):
        self.auth_type = auth_type
        self.level = level
        self.context_id = context_id
        options = spnego.NegotiateOptions.use_negotiate if auth_type == SPNEGO else spnego.NegotiateOptions.use_ntlm
        self._context = spnego.server(protocol=PROTOCOLS[auth_type], options=options)

    @property
    def complete(self):
        return self._context.complete

    @property
    def account(self):
        """Who logged on, in lower case and without a domain."""
        return (self._context.client_principal or '').rpartition('\\')[2].lower()

    def step(self, token):
        """Takes a token of the client; gives the next one, or b'' where there is none."""
        try:
            return self._context.step(token) or b''
        except spnego.exceptions.SpnegoError as error:
            raise Refused(str(error)) from error

    def protect(self, header, stub, trailer):
        """The stub as it travels, and the signature over all of the PDU."""
        if self.level == PRIVACY:
            sealed = self._context.wrap_iov(
                [(BufferType.sign_only, header), (BufferType.data, stub), (BufferType.sign_only, trailer), BufferType.header]
            )
            return sealed.buffers[1].data, sealed.buffers[3].data
        return stub, self._context.sign(header + stub + trailer)

    def unprotect(self, header, stub, trailer, signature):
        """The stub in the clear; Refused when the PDU was changed on its way."""
        try:
            if self.level == PRIVACY:
                opened = self._context.unwrap_iov(
                    [
                        (BufferType.sign_only, header),
                        (BufferType.data, stub),
                        (BufferType.sign_only, trailer),
                        (BufferType.header, signature),
                    ]
                )
                return opened.buffers[1].data
            self._context.verify(header + stub + trailer, signature)
            return stub
        except spnego.exceptions.SpnegoError as error:
            raise Refused(str(error)) from error

"""overtaking.py PORT USER PASSWORD: what becomes of two requests sent at once on one pipe.

The first shows a message and waits for its answer, the second only asks for a session's type. Prints the call ids in the
order in which they were answered. impacket's transport carries PDUs made here: its client
cannot have two requests under way.
"""
import struct
import sys

from impacket.dcerpc.v5 import rpcrt, transport, tsts
from impacket.smbconnection import SMBConnection

ADDRESS = '127.0.0.1'
FIRST_AND_LAST, CONCURRENT = 0x03, 0x10


def pdu(kind, call_id, body, flags=FIRST_AND_LAST):
    return struct.pack('<BBBBIHHI', 5, 0, kind, flags, 0x10, 16 + len(body), 0, call_id) + body


def request(call_id, opnum, stub):
    return pdu(0, call_id, struct.pack('<IHH', len(stub), 0, opnum) + stub)


def main():
    port, user, password = sys.argv[1:]
    connection = SMBConnection(ADDRESS, ADDRESS, sess_port=int(port))
    connection.login(user, password, 'ORACLE')
    pipe = transport.DCERPCTransportFactory(rf'ncacn_np:{ADDRESS}[\pipe\LSM_API_service]')
    pipe.set_smb_connection(connection)
    pipe.connect()
    syntaxes = tsts.TermSrvSession_UUID + rpcrt.DCERPC.NDRSyntax
    proposed = struct.pack('<HHIBxxxHBx', 4280, 4280, 0, 1, 0, 1) + syntaxes
    pipe.send(pdu(rpcrt.MSRPC_BIND, 1, proposed, FIRST_AND_LAST | CONCURRENT))
    answer = pipe.recv()
    if answer[2] != rpcrt.MSRPC_BINDACK or not answer[3] & CONCURRENT:
        sys.exit('the host does not take several requests at once')

    pipe.send(request(2, 0, struct.pack('<i', 2)))
    handle = pipe.recv()[24:44]
    message = tsts.RpcShowMessageBox()
    message['hSession'].fromString(handle)
    for name, value in {'szTitle': 'Title\0', 'szMessage': 'Text\0', 'ulStyle': 4, 'ulTimeout': 20, 'bDoNotWait': 0}.items():
        message[name] = value
    pipe.send(request(3, 9, message.getData()))
    pipe.send(request(4, 16, struct.pack('<i', 2)))
    print(*(struct.unpack_from('<I', pipe.recv(), 12)[0] for _ in range(2)))


main()

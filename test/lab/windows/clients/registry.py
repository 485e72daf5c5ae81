"""registry.py PORT USER PASSWORD [DIALECT]: impacket's own SMB client reads the names of the registry's first two keys."""
import json
import sys

from impacket.dcerpc.v5 import rrp, transport
from impacket.smbconnection import SMBConnection


def main():
    port, user, password, *dialect = sys.argv[1:]
    preferred = {'preferredDialect': int(dialect[0])} if dialect else {}
    connection = SMBConnection('127.0.0.1', '127.0.0.1', sess_port=int(port), **preferred)
    connection.login(user, password, 'ORACLE')
    pipe = transport.SMBTransport('127.0.0.1', filename='winreg', smb_connection=connection)
    rpc = pipe.get_dce_rpc()
    rpc.connect()
    rpc.bind(rrp.MSRPC_UUID_RRP)
    key = rrp.hOpenLocalMachine(rpc)['phKey']
    names = [rrp.hBaseRegEnumKey(rpc, key, index)['lpNameOut'].rstrip('\0') for index in range(2)]
    print(json.dumps({'dialect': connection.getDialect(), 'keys': names}))
    connection.logoff()


main()

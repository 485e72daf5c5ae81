"""samba_client.py PORT USER PASSWORD PIPE OPTIONS: Samba's own RPC client, with SPNEGO, signing or sealing as OPTIONS say.

OPTIONS are those of a binding, such as `spnego,seal`; `none` for a binding without security. What it prints depends on the
pipe: LSM_API_service the bytes of an enumeration's answer, winreg the version of the registry, srvsvc the server's name.
Runs on the system's Python, which has Samba's modules.
"""
import struct
import sys
import tempfile

from samba import credentials, param
from samba.dcerpc import ClientConnection, mgmt, srvsvc, winreg

ENUMERATION = ('88143fd0-c28d-4b2b-8fef-8d882f6a9390', 1)
MAXIMUM_ALLOWED = 0x02000000


def configuration(port, directory):
    lines = ['[global]', 'workgroup = ORACLE', f'smb ports = {port}', 'client min protocol = SMB2_02']
    lines += [f'{kind} = {directory}' for kind in ('private dir', 'state directory', 'cache directory', 'lock directory')]
    with open(f'{directory}/smb.conf', 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')
    loaded = param.LoadParm()
    loaded.load(f'{directory}/smb.conf')
    return loaded


def enumerate_sessions(binding, settings, account):
    """Samba's generic client cannot log on by itself, so it joins a connection that the management interface opened."""
    opened = mgmt.mgmt(binding, settings, account)
    opened.is_server_listening()
    enumeration = ClientConnection(binding, ENUMERATION, settings, account, basis_connection=opened)
    handle = enumeration.request(0, b'')[:20]
    return len(enumeration.request(5, handle + struct.pack('<I', 1)))


def main():
    port, user, password, pipe, options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        settings = configuration(port, directory)
        account = credentials.Credentials()
        account.guess(settings)
        account.set_username(user)
        account.set_password(password)
        account.set_domain('ORACLE')
        account.set_kerberos_state(credentials.DONT_USE_KERBEROS)
        security = '' if options == 'none' else f',{options}'
        binding = rf'ncacn_np:127.0.0.1[\pipe\{pipe}{security}]'
        if pipe == 'winreg':
            registry = winreg.winreg(binding, settings, account)
            print(registry.GetVersion(registry.OpenHKLM(None, MAXIMUM_ALLOWED)))
        elif pipe == 'srvsvc':
            print(srvsvc.srvsvc(binding, settings, account).NetSrvGetInfo(None, 101).server_name)
        else:
            print(enumerate_sessions(binding, settings, account))


main()

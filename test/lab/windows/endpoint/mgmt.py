"""The remote management interface that every RPC server has, on any of its pipes (C706 appendix Q)."""
from interface import Interface

Mgmt = Interface('mgmt', None, 'afa8bd80-7d8a-11c9-bef4-08002b102989')


@Mgmt.serves(2, 'rpc__mgmt_is_server_listening')
async def is_server_listening(call):
    return {'status': 0, 'Return': 1}

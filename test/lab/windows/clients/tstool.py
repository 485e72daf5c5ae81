"""tstool.py PORT ARGUMENT…: impacket's own tstool.py against a host that does not listen on 445, which it insists on."""
import os
import runpy
import sys

from impacket.smbconnection import SMBConnection

port = int(sys.argv[1])
connect = SMBConnection.__init__


def connect_to_port(self, name, host, *arguments, **options):
    connect(self, name, host, *arguments, **{**options, 'sess_port': port})


SMBConnection.__init__ = connect_to_port
script = os.path.join(os.path.dirname(sys.executable), 'tstool.py')
sys.argv = [script, *sys.argv[2:]]
runpy.run_path(script, run_name='__main__')

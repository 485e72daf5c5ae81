"""What a test does to a host from outside: lines of JSON through a socket, each a list of changes, each answered by a line.

A change is an object with one key, what happens:
  {"logon": {"user": "bob", "id": 5, …}}       a session begins; gives its id
  {"logoff": 3}, {"end": 3}                    it ends, whatever holds it; the second without a log-off
  {"replace": {"id": 3, "user": "bob", …}}     it ends, and at once another has its id
  {"disconnect": 3}, {"reconnect": 3}, {"lock": 3}, {"unlock": 3}
  {"input": 3}                                 its user presses a key
  {"session": {"id": 3, …}}                    it is otherwise from now on, and nobody is told
  {"start": {"session": 3, "image": "a.exe", …}}   a process begins; gives its number
  {"kill": 2016}                               a process ends
  {"listener": {"name": "RDP-Tcp", "listening": false}}
  {"advance": 60}                              seconds: for a clock that stands still
  {"rights": {"plain": ["query", "message"]}}  what an account may do from now on
  {"faults": […]}                              instead of the faults of the settings; see faults.py
  {"absent": […]}                              instead of the absent methods of the settings
  {"silent": true}                             from now on nobody is told what happens
  {"abort": true}                              everybody who waits for notifications is told that they have ended
  {"hang up": "LSM_API_service"}               all instances of a pipe are closed
  {"world": true}                              changes nothing: gives the world as it is now
An answer is {"at": milliseconds since 1970, "outcomes": […]} or {"error": why}; an error leaves what came before it done.
"""
import asyncio
import json
import time

from things import Session, made
from world import LOGOFF

LONGEST_LINE = 1 << 22


async def listen(host, path):
    async def serve(reader, writer):
        while line := await reader.readline():
            writer.write(json.dumps(_answer(host, line), ensure_ascii=False).encode() + b'\n')
            await writer.drain()
        writer.close()

    await asyncio.start_unix_server(serve, path, limit=LONGEST_LINE)


def _answer(host, line):
    try:
        changes = json.loads(line)
        at = time.time_ns() / 1e6
        outcomes = [_change(host, *next(iter(change.items()))) for change in changes]
        host.log(changed=[what for change in changes for what in change if what != 'world'])
        return {'at': at, 'outcomes': outcomes}
    except Exception as error:
        return {'error': repr(error)}


def _change(host, what, value):
    world = host.world
    if what in SESSIONS:
        return SESSIONS[what](world, world.sessions[value])
    return CHANGES[what](host, world, value)


def _input(world, session):
    session.last_input_time, session.input_time = world.now(), None


SESSIONS = {
    'logoff': lambda world, session: world.end(session, LOGOFF),
    'end': lambda world, session: world.end(session),
    'disconnect': lambda world, session: world.disconnect(session),
    'reconnect': lambda world, session: world.reconnect(session),
    'lock': lambda world, session: world.lock(session, True),
    'unlock': lambda world, session: world.lock(session, False),
    'input': _input,
}


def _replace(_, world, heir):
    world.sessions[heir['id']].heir = heir
    world.end(world.sessions[heir['id']])
    return heir['id']


def _session(_, world, values):
    session = world.sessions[values['id']]
    given = made(Session, values)
    for key in values:
        name = ''.join('_' + letter.lower() if letter.isupper() else letter for letter in key)
        setattr(session, name, getattr(given, name))


def _start(_, world, values):
    values = dict(values)
    return world.start(values.pop('session'), values.pop('image'), **values).pid


def _listener(_, world, values):
    next(one for one in world.listeners if one.name == values['name']).listening = values['listening']


def _setting(name):
    return lambda host, _, value: setattr(host.settings, name, value)


def _silent(_, world, value):
    world.silent = value


def _abort(_, world, __):
    for subscription in list(world.subscriptions):
        world.unsubscribe(subscription)
        subscription.end()


def _rights(host, _, rights):
    host.settings.rights.update(rights)


CHANGES = {
    'logon': lambda _, world, values: world.log_on(**values).id,
    'replace': _replace,
    'session': _session,
    'start': _start,
    'kill': lambda _, world, pid: world.terminate(world.processes[pid]),
    'listener': _listener,
    'advance': lambda _, world, seconds: world.advance(seconds),
    'rights': _rights,
    'faults': _setting('faults'),
    'absent': _setting('absent'),
    'silent': _silent,
    'abort': _abort,
    'hang up': lambda host, _, pipe: host.hang_up(pipe),
    'world': lambda _, world, __: world.described(),
}

#!/usr/bin/python3
"""relay.py A B DELAY_MS STALL_AFTER: carries Ethernet frames between the interfaces A and B.

Each frame leaves DELAY_MS (milliseconds, may be a fraction) after it came, in order. After STALL_AFTER bytes of IP
traffic from A to B (-1: never) it swallows everything in both directions. Stands in for netem, which not every kernel has.
"""
import collections
import select
import socket
import sys
import time

ETH_P_ALL = 3
PACKET_OUTGOING = 4
LARGEST_FRAME = 65536
ETHERTYPE_IPV4 = b'\x08\x00'


def open_interface(name):
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    raw.bind((name, 0))
    raw.setblocking(False)
    return raw


def frames_from(raw):
    while True:
        try:
            frame, address = raw.recvfrom(LARGEST_FRAME)
        except BlockingIOError:
            return
        if address[2] != PACKET_OUTGOING:
            yield frame


def main():
    delay_s = float(sys.argv[3]) / 1000
    stall_after = int(sys.argv[4])
    a, b = open_interface(sys.argv[1]), open_interface(sys.argv[2])
    waiting = collections.deque()
    carried = 0
    stalled = False
    print('ready', flush=True)
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([a, b], [], [], timeout)
        now = time.monotonic()
        for raw in readable:
            for frame in frames_from(raw):
                if raw is a and frame[12:14] == ETHERTYPE_IPV4:
                    carried += len(frame)
                    stalled = stalled or 0 <= stall_after < carried
                if not stalled:
                    waiting.append((now + delay_s, b if raw is a else a, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, target, frame = waiting.popleft()
            try:
                target.send(frame)
            except OSError:
                pass


main()

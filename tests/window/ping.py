"""Whether a program has taken in the keys, clicks and strokes sent so far. X hands out events in their order, so a program
that answers a ping, as a window manager sends it, has handled all that came before it."""
import ctypes
import select

import xserver

SUBSTRUCTURE_NOTIFY = 1 << 19
CLIENT_MESSAGE = 33


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
                ("display", ctypes.c_void_p), ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
                ("format", ctypes.c_int), ("data", ctypes.c_long * 5)]


class Event(ctypes.Union):
    _fields_ = [("client", ClientMessage), ("pad", ctypes.c_long * 24)]


class Pinger:
    def __init__(self):
        self.x, self.display, self.root = x, display, root = xserver.server()
        x.XInternAtom.restype = ctypes.c_ulong
        self.protocols, self.ping = (x.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"_NET_WM_PING"))
        x.XSelectInput(display, root, ctypes.c_long(SUBSTRUCTURE_NOTIFY))
        self.number = 0

    def send(self, window):
        """Gives the number by which its answer is known."""
        self.number += 1
        event = Event()
        event.client = ClientMessage(type=CLIENT_MESSAGE, window=window, message_type=self.protocols, format=32,
                                     data=(self.ping, self.number, window, 0, 0))
        self.x.XSendEvent(self.display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
        self.x.XFlush(self.display)
        return self.number

    def is_answered(self, number, seconds):
        """Whether the answer to a ping comes within that time; those of earlier ones are dropped."""
        event = Event()
        while self.x.XPending(self.display) or select.select([self.x.XConnectionNumber(self.display)], [], [], seconds)[0]:
            if not self.x.XPending(self.display):
                continue
            self.x.XNextEvent(self.display, ctypes.byref(event))
            client = event.client
            if client.type == CLIENT_MESSAGE and client.data[0] == self.ping and client.data[1] == number:
                return True
        return False

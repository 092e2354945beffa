"""Where windows are and what is seen, as the X server has it. It is asked from here: to start a program for each answer is
what takes longest on a busy machine."""
import ctypes
import functools

ALL_PLANES, Z_PIXMAP = ctypes.c_ulong(-1), 2


class _Image(ctypes.Structure):
    """The beginning of Xlib's XImage."""
    _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int), ("format", ctypes.c_int),
                ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
                ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int), ("depth", ctypes.c_int),
                ("bytes_per_line", ctypes.c_int), ("bits_per_pixel", ctypes.c_int)]


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
def _pass_by(display, error):
    """Xlib's own handler ends the program; here the call that failed tells."""
    return 0


@functools.lru_cache(None)
def server():
    """Xlib, the connection to the X server of $DISPLAY, and the root window."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XDefaultRootWindow.argtypes, xlib.XDefaultRootWindow.restype = [ctypes.c_void_p], ctypes.c_ulong
    xlib.XGetImage.restype = ctypes.POINTER(_Image)
    xlib.XDestroyImage.argtypes = [ctypes.POINTER(_Image)]
    xlib.XSetErrorHandler(_pass_by)
    display = ctypes.c_void_p(xlib.XOpenDisplay(None))
    if not display:
        raise OSError("there is no X server")
    return xlib, display, ctypes.c_ulong(xlib.XDefaultRootWindow(display))


def box(window):
    """Left, top, width and height on the screen of the window of that number."""
    xlib, display, root = server()
    window, ignored = ctypes.c_ulong(int(window)), ctypes.c_ulong()
    x, y = ctypes.c_int(), ctypes.c_int()
    width, height, unused = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    by = ctypes.byref
    if not (xlib.XGetGeometry(display, window, by(ignored), by(x), by(y), by(width), by(height), by(unused), by(unused))
            and xlib.XTranslateCoordinates(display, window, root, 0, 0, by(x), by(y), by(ignored))):
        raise OSError("there is no window %d" % window.value)
    return x.value, y.value, width.value, height.value


def pixels(left, top, width, height):
    """What is seen there, as far as it is on the screen: 8 bits each of red, green and blue."""
    xlib, display, root = server()
    _, _, most_width, most_height = box(root.value)
    width, height = min(left + width, most_width) - max(left, 0), min(top + height, most_height) - max(top, 0)
    left, top = max(left, 0), max(top, 0)
    if width <= 0 or height <= 0:
        return b""
    image = xlib.XGetImage(display, root, left, top, width, height, ALL_PLANES, Z_PIXMAP)
    if not image:
        raise OSError("%d×%d pixels at %d, %d are not on the screen" % (width, height, left, top))
    told = image.contents
    assert told.bits_per_pixel == 32 and told.byte_order == 0 and told.bytes_per_line == 4 * width
    data, seen = ctypes.string_at(told.data, 4 * width * height), bytearray(3 * width * height)
    xlib.XDestroyImage(image)
    for colour in range(3):
        seen[colour::3] = data[2 - colour::4]
    return bytes(seen)

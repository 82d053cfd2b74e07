"""An RTSP server on loopback for the tests: plays an MP4 file with H.264 to everybody who asks for /door.

It is run by the distribution's own Python, whose PyGObject (python3-gi) speaks to GStreamer's RTSP server
(gir1.2-gst-rtsp-server-1.0): python3 faces_rtsp_server.py PORT FILE [USER PASSWORD]
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
port, file, *account = sys.argv[1:]
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( filesrc location={file} ! qtdemux ! rtph264pay name=pay0 pt=96 config-interval=-1 )")
if account:
    user, password = account
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    rights = "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true;"
    factory.add_role_from_structure(Gst.Structure.new_from_string(rights))
server.get_mount_points().add_factory("/door", factory)
server.attach(None)
print("serving", flush=True)
GLib.MainLoop().run()

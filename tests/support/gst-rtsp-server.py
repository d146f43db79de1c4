#!/usr/bin/env python3
"""An RTSP camera that this project did not write: Debian's gst-rtsp-server, on 127.0.0.1, digest login, burnt-in clock.

Usage: gst-rtsp-server.py USER PASSWORD [CODEC]     prints {"port": N} once it listens; ends when stdin closes.
Debian: gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-{base,good,bad,ugly} gstreamer1.0-x python3-gi fonts-dejavu-core
Exit code 77: something of that is missing here (the reason on stderr).
"""
import json
import sys
import threading

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtsp, GstRtspServer
except (ImportError, ValueError) as missing:
    print(f"gst-rtsp-server is not installed: {missing}", file=sys.stderr)
    sys.exit(77)

Gst.init(None)
for element in ("x264enc", "timeoverlay", "timecodestamper", "rtph264pay"):
    if Gst.ElementFactory.find(element) is None:
        print(f"GStreamer has no {element} here", file=sys.stderr)
        sys.exit(77)

PIPELINE = (
    "videotestsrc is-live=true pattern=smpte ! video/x-raw,format=I420,width=640,height=360,framerate=25/1 "
    "! timecodestamper source=rtc ! timeoverlay time-mode=time-code halignment=left valignment=top "
    'font-desc="DejaVu Sans Mono, 40" shaded-background=true '
    "! x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=25 threads=1 "
    "! video/x-h264,profile=baseline ! rtph264pay name=pay0 pt=96 config-interval=1"
)

user, password = sys.argv[1], sys.argv[2]
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")

auth = GstRtspServer.RTSPAuth()
auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "viewer")
auth.add_digest(user, password, token)
server.set_auth(auth)

factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( {PIPELINE} )")
permissions = GstRtspServer.RTSPPermissions()
permissions.add_permission_for_role("viewer", "media.factory.access", True)
permissions.add_permission_for_role("viewer", "media.factory.construct", True)
factory.set_permissions(permissions)
server.get_mount_points().add_factory("/live", factory)
server.attach(None)

loop = GLib.MainLoop()
threading.Thread(target=lambda: (sys.stdin.read(), GLib.idle_add(loop.quit)), daemon=True).start()
print(json.dumps({"port": server.get_bound_port()}), flush=True)
loop.run()

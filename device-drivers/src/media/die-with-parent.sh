#!/bin/sh
# Purpose: run "$HAILONG_FFMPEG" (or its neighbour ffprobe) so that the kernel kills it when the thread that started it
# dies, SIGKILL included (Linux, util-linux setpriv). Where there is no setpriv the program starts plainly; it then ends
# when its standard output breaks. See device-drivers/src/media/find-ffmpeg.ts.
if setpriv --pdeathsig KILL true 2>/dev/null; then
  exec setpriv --pdeathsig KILL -- "$HAILONG_FFMPEG" "$@"
fi
exec "$HAILONG_FFMPEG" "$@"

#!/bin/sh
# Purpose: run "$HAILONG_FFMPEG" (or its neighbour ffprobe) so that the kernel kills it when the thread that started it
# dies, SIGKILL included (Linux, util-linux setpriv). Where there is no setpriv the program starts plainly; it then ends
# when its standard output breaks. A starter that died before the kernel was asked is found by its process number
# ($HAILONG_FFMPEG_FOR): then nothing is run. See device-drivers/src/media/find-ffmpeg.ts.
if setpriv --pdeathsig KILL true 2>/dev/null; then
  exec setpriv --pdeathsig KILL -- sh -c \
    '[ "$PPID" = "${HAILONG_FFMPEG_FOR:-$PPID}" ] && exec "$HAILONG_FFMPEG" "$@"' ffmpeg "$@"
fi
exec "$HAILONG_FFMPEG" "$@"

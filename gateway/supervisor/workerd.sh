#!/bin/sh
# The runtime with a guard beside it: miniflare starts this in place of workerd, which lives on when its parent is
# killed. The guard is a child of the shell that becomes the runtime, and waits for the end of file descriptor 3. The
# other end of that belongs to the launcher alone, so it closes however the launcher ends, kill -9 included. The guard
# kills the runtime only while that is still its own parent, so never a stranger to whom the pid was given since.
# There is no moment without the guard: it is there before the runtime is. It uses builtins only, and `ps` where there
# is no /proc (macOS).
sh -c '
  trap "" HUP INT TERM
  while read -r _ <&3; do :; done
  if [ -r "/proc/$$/stat" ]; then read -r _ _ _ parent _ <"/proc/$$/stat"; else parent=$(ps -o ppid= -p $$); fi
  [ "$((parent))" -eq "$PPID" ] && kill -9 "$PPID"
' </dev/null >/dev/null 2>&1 &

# Ctrl-C in a terminal goes to every process there. Only the launcher acts on it: mail on its way must still arrive.
trap "" HUP INT
exec "$MAILMESH_WORKERD" "$@"

#!/bin/bash
# Whether the server of the image answers; needs nothing but the shell.
set -eu
exec 3<> "/dev/tcp/127.0.0.1/${PORT:-8000}"
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r answer <&3
[[ $answer == *" 200 "* ]]

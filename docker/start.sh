#!/bin/sh
# Starts the server of the image. The first time it takes over the demo and makes a login, whose password stands in the data
# folder and nowhere else; MMM_FIRST_PASSWORD, at least 12 characters, chooses it.
set -eu
umask 077
if [ ! -e "$MMM_DATA/first-login" ]; then
    if [ -n "${MMM_DEMO:-}" ] && [ -z "$(ls -A "$MMM_DATA")" ]; then
        cp -R "$MMM_DEMO/." "$MMM_DATA/"
    fi
    password=${MMM_FIRST_PASSWORD:-$(head -c 18 /dev/urandom | base64)}
    printf '%s\n' "$password" | mmm serve --create-user admin --role admin > /dev/null
    printf 'login: admin\npassword: %s\n' "$password" > "$MMM_DATA/first-login.new"
    mv "$MMM_DATA/first-login.new" "$MMM_DATA/first-login"
    echo "the first login is admin; its password is in $MMM_DATA/first-login"
fi
unset MMM_FIRST_PASSWORD
exec mmm serve "$@"

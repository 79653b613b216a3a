# Starts and ends private, throw-away PostgreSQL servers for scripts: on a Unix socket, under an unprivileged user.
# Source it; call private_server_start DIRECTORY [NAME=VALUE…], then private_server_stop DIRECTORY.

# The newest server of Debian's, or the one in RESTORABLE_DEMO_POSTGRESQL_BIN.
private_server_bin() {
    local newest
    newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1)
    printf '%s\n' "${RESTORABLE_DEMO_POSTGRESQL_BIN:-${newest%/initdb}}"
}

# PostgreSQL refuses to run as root.
private_server_as_user() {
    if ((EUID == 0)); then
        setpriv --reuid=restorable --regid=restorable --clear-groups \
            env -i PATH=/usr/bin:/bin HOME=/nonexistent LANG=C.UTF-8 TZ=UTC "$@"
    else
        env -i PATH=/usr/bin:/bin HOME="$HOME" LANG=C.UTF-8 TZ=UTC "$@"
    fi
}

# DIRECTORY must be short (a socket's path has at most 107 bytes) and empty. Settings are added to the defaults.
private_server_start() {
    local directory=$1 bin setting
    shift
    bin=$(private_server_bin)
    ((EUID != 0)) || chown restorable: "$directory"
    private_server_as_user "$bin/initdb" -D "$directory/data" -U postgres --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 >"$directory.log" 2>&1 </dev/null || {
        cat "$directory.log" >&2
        return 1
    }
    local options="-c listen_addresses='' -c unix_socket_directories='$directory'"
    for setting in "$@"; do options+=" -c $setting"; done
    private_server_as_user "$bin/pg_ctl" -D "$directory/data" -w -t 60 -l "$directory/log" -o "$options" start \
        >/dev/null </dev/null || {
        cat "$directory/log" >&2
        return 1
    }
}

private_server_stop() {
    local directory=$1 bin
    bin=$(private_server_bin)
    if [[ -f $directory/data/postmaster.pid ]]; then
        private_server_as_user "$bin/pg_ctl" -D "$directory/data" -m immediate -w stop >/dev/null 2>&1 </dev/null || true
    fi
    rm -rf "$directory" "$directory.log"
}

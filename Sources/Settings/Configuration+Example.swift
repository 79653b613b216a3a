extension Configuration {
    /// A commented configuration that `config check` accepts.
    package static let example = """
        # Restorable: which databases must be recoverable, and where their backups lie.
        # Check it with: restorable config check FILE
        # Durations: 90s, 15m, 24h, 7d. Sizes: 512MiB, 20GiB. Secrets are never written here:
        # use password_file, service= or passfile=, or ${env:NAME} and ${file:PATH} in any value but a filter's.

        listen: 127.0.0.1:9988              # of restorable serve; everything down to scratch is for it alone
        # web: { config_file: /etc/restorable/web.yml }   # TLS and passwords: the Prometheus exporter-toolkit's format
        history: /var/lib/restorable/history.sqlite
        timezone: UTC                       # of schedules and windows; a database may have its own
        catalog_interval: 1m                # between two looks at the backups
        samples_interval: 5m                # between two samples of production's counters, which bound the rows of backups
        production_interval: 30s            # between two questions to production, about archiving and size
        concurrent_verifications: 1

        scratch:                            # the throw-away servers; every key may be left out
          directory: /var/tmp/restorable    # needs room for the restored database
          memory: 1GiB
          max_disk: 200GiB                  # a restore that outgrows this is ended
          max_content: 512GiB               # a backup that comes to more when decompressed is given up; default 4TiB
          jobs: 2
          profile: fast                     # or durable: settings like production's, for a realistic restore time
          deadline: 6h
          nice: 10                          # restores let others go first

        databases:
          - name: shop
            engine: postgresql
            connection: "host=db.example.org service=shop"   # production; only ever read
            # password_file: /run/secrets/shop             # its first line
            backups:
              location: /var/backups/postgresql            # or s3://BUCKET/PREFIX, rclone:REMOTE:PATH, pgbackrest:STANZA, command:/FILE.yml: docs/tools.md
              match: "shop-{time:yyyyMMdd-HHmmss}.sql*"      # ** for any depth; {database} with name: "{database}" finds many
              # time: { zone: UTC, means: start }            # whose clock the time in a name is from; start or end of the backup
              minimum_size: 1MiB
              # globals: globals.sql.gz                      # pg_dumpall --globals-only, beside the dumps
              # filter: [age, --decrypt, -i, /keys/backup]   # any command from standard input to standard output
            # wal_archive: { location: /var/backups/wal, base: /var/backups/base }   # gaps and recovery window: restorable wal
            # drill: { schedule: "0 5 * * 6", to: random }   # recovery to a point in time, where backups are base backups
            objectives: { backup_every: 24h, rpo: 26h, rto: 1h, verify_every: 7d, wal_lag: 10m }
            schedule: "0 4 * * 0"                            # cron; or after_each_backup; without it, every verify_every
            window: "22:00-06:00"                            # verifications start only then
            select: { latest: true, random_older: 1 }
            suspend: false
            # disk: { path: /var/lib/postgresql/15/main }    # to watch how full the disk of production is
            extensions: { ignore: [pg_cron], preload: [] }
            rows:
              drift: 0.1%                                    # how far a live database may have moved on; without it the
                                                             # daemon bounds the rows by production's own counters
              bounds: true                                   # false: production is not counted for that
              unbounded: [public.import_staging]             # emptied or left out of the dumps on purpose
              minimum: { public.users: 1 }
            freshness:
              - { table: public.orders, column: created_at }
            queries:
              - name: no-orphans
                sql: "select count(*) = 0 from public.order_items i left join public.orders o on o.id = i.order_id where o.id is null"

        """
}

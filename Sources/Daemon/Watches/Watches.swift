import Settings

/// What looks at the world beside the verifications. Each has a thread of its own, and tells the conductor what it sees.
struct Watches: Sendable {
    let catalog: CatalogWatch
    let production: ProductionWatch
    let activity: ActivityWatch
    let disks: DiskWatch
    let archives: ArchiveWatch
    let forgets: ForgetWatch

    /// From now on at these locations.
    func watchLocations(_ configuration: Configuration) {
        catalog.configure(configuration)
    }

    /// From now on the production servers and the WAL archives of these databases, whether they were configured or discovered.
    func watchProduction(_ databases: [DatabaseSettings], _ configuration: Configuration) {
        var known = configuration
        known.databases = databases
        activity.configure(known)
        production.configure(known)
        disks.configure(known)
        archives.configure(databases, configuration)
    }

    func stop() {
        catalog.stop()
        activity.stop()
        archives.stop()
        production.stop()
        disks.stop()
        forgets.stop()
    }
}

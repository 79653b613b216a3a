import Settings

/// What looks at the world beside the verifications. Each has a thread of its own, and tells the conductor what it sees.
struct Watches: Sendable {
    let catalog: CatalogWatch
    let forgets: ForgetWatch

    /// From now on for these databases.
    func configure(_ configuration: Configuration) {
        catalog.configure(configuration)
    }

    func stop() {
        catalog.stop()
        forgets.stop()
    }
}

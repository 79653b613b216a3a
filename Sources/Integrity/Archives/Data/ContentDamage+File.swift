extension ContentDamage {
    /// The same, naming the file of the archive it was found in; places are places in that file.
    func inFile(_ name: String) -> ContentDamage {
        ContentDamage(check, reason, "\(message) (\(name))", at: location)
    }
}

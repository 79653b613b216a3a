/// What a killed `restorable dump` left in a location. `restorable gc` removes it.
package enum AbandonedDumps {
    /// Removes partial backups that no living process is writing; nothing of any other name.
    /// - Returns: the paths that were removed.
    /// - Throws: ``Obstacle`` when the directory can't be read.
    package static func collect(in directory: String) throws -> [String] {
        try PartialBackup.collect(in: directory)
    }
}

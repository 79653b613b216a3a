/// What small files said: they are not read again until they are stored anew.
struct ReadNotes<Value: Sendable>: Sendable {
    private struct Note: Sendable {
        let files: [WALArchiveEntry]
        let value: Value
    }

    private var notes: [String: Note] = [:]
    private var used: Set<String> = []

    /// - Parameters:
    ///   - key: what the value is of.
    ///   - files: what it is read from.
    mutating func value(_ key: String, from files: [WALArchiveEntry], _ read: () throws -> Value) rethrows -> Value {
        used.insert(key)
        if let note = notes[key], note.files == files { return note.value }
        let value = try read()
        notes[key] = Note(files: files, value: value)
        return value
    }

    /// Keeps what was asked for since the last time.
    mutating func forgetOthers() {
        notes = notes.filter { used.contains($0.key) }
        used = []
    }
}

/// What is remembered of the notes of one archive and its base backups.
struct ArchiveNotes: Sendable {
    var histories = ReadNotes<TimelineHistory>()
    var labels = ReadNotes<BaseBackup?>()
    var bases = ReadNotes<BaseBackup?>()

    mutating func forgetOthers() {
        histories.forgetOthers()
        labels.forgetOthers()
        bases.forgetOthers()
    }
}

import Backups

/// What programs say of a disk that has no room: in the C library's words, whatever stands around them.
enum FullDisk {
    private static let words = ["No space left on device", "Disk quota exceeded"]

    /// A program that could not write may say besides that it came to an early end, or that a file is missing: that is what is
    /// wrong with its copy then, and not with the backup.
    static func isTold(in text: String) -> Bool { words.contains(where: text.contains) }

    static func obstacle(_ sentence: String) -> Obstacle {
        Obstacle(
            .diskFull, sentence,
            hint:
                "Free space where scratch lies, or choose another place with --scratch-directory. The tool may keep files of its own "
                + "elsewhere, too.")
    }
}

import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

@Suite struct HandoverDirectoryTests {
    @Test func itGoesWithItsValue() throws {
        let parent = try TemporaryDirectory()
        var path = ""
        do {
            let directory = try HandoverDirectory(in: parent.path)
            path = directory.path
            #expect(DirectoryTree.status(path).map { $0.st_mode & 0o777 } == 0o700)
            try Tool.shell("touch \"$1/000000010000000000000001\" && mkdir \"$1/more\"", [path])
            withExtendedLifetime(directory) {}
        }
        #expect(!path.isEmpty && DirectoryTree.status(path) == nil)
    }

    /// As after `kill -9`: nobody holds its lock any more.
    @Test func whatNobodyHoldsIsRemovedAndNothingElse() throws {
        let parent = try TemporaryDirectory()
        let held = try HandoverDirectory(in: parent.path)
        let abandoned = parent.file("restorable-handover-abcdef")
        let others = [
            parent.file("restorable-handover-file"), parent.file("restorable-handovers"), parent.file("other"),
        ]
        try Tool.shell(
            "mkdir \"$1\" \"$3\" \"$4\" && touch \"$1/segment\" \"$2\" && ln -s \"$4\" \"$5\"",
            [abandoned] + others + [parent.file("restorable-handover-link")])
        #expect(HandoverDirectory.collect(in: parent.path) == [abandoned])
        #expect(DirectoryTree.status(abandoned) == nil && DirectoryTree.status(held.path) != nil)
        #expect(others.allSatisfy { DirectoryTree.status($0) != nil })

        try Tool.shell("mkdir \"$1\"", [abandoned])
        let next = try HandoverDirectory(in: parent.path)
        #expect(DirectoryTree.status(abandoned) == nil && next.path != held.path)
    }
}

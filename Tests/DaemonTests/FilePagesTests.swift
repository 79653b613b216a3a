import Glibc
import TestSupport
import Testing

@testable import Daemon

@Suite struct FilePagesTests {
    private static func mapping(_ line: String, anonymous: Int, swapped: Int = 0) -> String {
        "\(line)\nSize:                 64 kB\nRss:                  64 kB\nAnonymous:     \(anonymous) kB\n"
            + "Swap:          \(swapped) kB\nVmFlags: rd ex mr mw me sd\n"
    }

    @Test(arguments: [
        ("1000-3000 r-xp 00000000 08:01 1234                  /usr/bin/a program", 0, true),
        ("1000-3000 r--p 00000000 08:01 1234                  /usr/lib/library.so", 0, true),
        // What the linker changed and then made read-only, what may be written, and what is of no file.
        ("1000-3000 r--p 00000000 08:01 1234                  /usr/lib/library.so", 12, false),
        ("1000-3000 rw-p 00000000 08:01 1234                  /usr/lib/library.so", 0, false),
        ("1000-3000 r--p 00000000 00:00 0 ", 0, false),
        ("1000-3000 r-xp 00000000 00:00 0                     [vdso]", 0, false),
        ("nonsense", 0, false),
    ]) func onlyUnchangedViewsOfFiles(line: String, anonymous: Int, isFound: Bool) {
        let found = FilePages.unchanged(in: Self.mapping(line, anonymous: anonymous))
        #expect(found == (isFound ? [0x1000..<0x3000] : []))
    }

    @Test func eachMappingIsJudgedByItself() {
        let text =
            Self.mapping("1000-2000 r-xp 00000000 08:01 1 /a", anonymous: 0)
            + Self.mapping("2000-3000 r--p 00000000 08:01 1 /a", anonymous: 4)
            + Self.mapping("3000-4000 r--p 00000000 08:01 2 /b", anonymous: 0)
            // Its own pages were swapped out: they are counted there alone.
            + Self.mapping("4000-5000 r--p 00000000 08:01 2 /b", anonymous: 0, swapped: 40)
        #expect(FilePages.unchanged(in: text) == [0x1000..<0x2000, 0x3000..<0x4000])
    }

    /// This process goes on as before, constants and code are where they were.
    @Test func nothingIsLost() throws {
        let ranges = FilePages.unchanged(in: try TestFile.text("/proc/self/smaps"))
        #expect(!ranges.isEmpty)
        for _ in 0..<3 { IdleMemory.giveBack() }
        #expect(FilePages.unchanged(in: try TestFile.text("/proc/self/smaps")).count > 0)
        #expect("\(1.5) \([1, 2].map(String.init))" == #"1.5 ["1", "2"]"#)
    }
}

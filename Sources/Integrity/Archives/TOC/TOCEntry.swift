/// One entry of an archive's table of contents.
package struct TOCEntry: Sendable, Equatable {
    /// `teSection` of PostgreSQL 18 src/bin/pg_dump/pg_backup.h.
    package enum Section: Int, Sendable {
        case none = 1
        case preData, data, postData
    }

    /// Where its data lies.
    package enum DataPlace: Sendable, Equatable {
        /// It has no data.
        case none
        /// A block of a custom archive; its offset is not known when the archive was written to a pipe.
        case block(offset: UInt64?)
        /// A member of a tar, or a file of a directory, which may have a further suffix for its compression.
        case file(String)
    }

    package var identifier: Int
    package var catalogTable: UInt32
    package var catalogObject: UInt32
    /// Name of the object.
    package var tag: String
    /// What it is: `TABLE`, `TABLE DATA`, `ACL`, …
    package var kind: String
    package var section: Section
    /// Its SQL, kept only where it is data: of `ENCODING` and `BLOB METADATA`.
    package var definition: [UInt8]?
    /// `COPY … FROM stdin;` of `TABLE DATA`; absent with `--inserts`.
    package var copyStatement: [UInt8]?
    package var schema: String?
    package var owner: String
    /// ``identifier`` of what it can't exist without; those of objects that are not in the archive, too.
    package var dependencies: [Int] = []
    package var data: DataPlace

    package var hasData: Bool { data != .none }
    /// Data that is large objects rather than rows.
    package var isLargeObjects: Bool { kind == "BLOBS" }

    /// For messages.
    package var title: String {
        schema.map { "\(kind) \($0).\(tag)" } ?? "\(kind) \(tag)"
    }
}

/// Shows the bytes that libarchive is given to a ``MemberScanner``.
final class ArchiveFeed: ChunkFeed {
    private(set) var scanner: any MemberScanner

    init(_ source: any ChunkSource, _ scanner: any MemberScanner) {
        self.scanner = scanner
        super.init(source)
    }

    override func note(_ chunk: UnsafeRawBufferPointer) { scanner.scan(chunk) }
}

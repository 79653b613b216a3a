package import Backups

extension Compression {
    /// Bytes that tell.
    package static let signatureLength = 10

    /// What a file is packed with that begins so; `none` where nothing says that it is.
    package init(signature bytes: some Sequence<UInt8>) {
        self = Signature.compression(of: Array(bytes.prefix(Self.signatureLength))) ?? Compression.none
    }
}

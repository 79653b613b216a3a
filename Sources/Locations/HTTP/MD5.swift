import CCrypto
import FoundationEssentials

/// MD5 (RFC 1321), which stores give for what they hold: against accidents, not against people.
final class MD5 {
    private let context: OpaquePointer

    /// - Returns: `nil` where libcrypto has none (a machine in FIPS mode): then nothing is compared.
    init?() {
        guard let context = EVP_MD_CTX_new() else { return nil }
        guard EVP_DigestInit_ex(context, EVP_md5(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            return nil
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// 32 hexadecimal digits in lower case. Once, at the end, as ``finishBytes()``.
    func finish() -> String {
        finishBytes().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func finishBytes() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        EVP_DigestFinal_ex(context, &bytes, nil)
        return bytes
    }

    /// The header Content-MD5 of a body (RFC 1864); `nil` where there is no MD5.
    static func header(of body: [UInt8]) -> (name: String, value: String)? {
        guard let digest = MD5() else { return nil }
        body.withUnsafeBytes { digest.update($0) }
        return ("Content-MD5", Data(digest.finishBytes()).base64EncodedString())
    }
}

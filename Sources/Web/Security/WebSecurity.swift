import Backups
import Glibc
import NIOSSL
import Synchronization

/// Who may ask, and under which certificate the server answers: what the web configuration file says, read again on
/// demand. Without a file everybody may ask, without TLS.
final class WebSecurity: Sendable {
    private struct State {
        var authentication: BasicAuthentication?
        var context: NIOSSLContext?
    }

    private let path: String?
    private let state: Mutex<State>

    /// - Throws: ``Obstacle`` where the file, a certificate or a key can't be used.
    init(path: String?) throws {
        self.path = path
        state = Mutex(try path.map { try Self.load($0) } ?? State())
    }

    var authentication: BasicAuthentication? { state.withLock { $0.authentication } }
    /// For the next connection; `nil` where there is no TLS.
    var context: NIOSSLContext? { state.withLock { $0.context } }

    /// Reads the file, the certificates and the keys again; connections that are open go on as they are. Blocks on the
    /// file system.
    /// - Throws: ``Obstacle``; then all stays as it was.
    func reload() throws {
        guard let path else { return }
        let fresh = try Self.load(path)
        try state.withLock { state in
            guard (state.context == nil) == (fresh.context == nil) else {
                throw WebFile.obstacle(
                    "TLS can't be switched on or off while the server runs", hint: "restart restorable")
            }
            // A file that is empty for the moment in which it is written anew must not open the doors.
            guard state.authentication == nil || fresh.authentication != nil else {
                throw WebFile.obstacle(
                    "basic authentication can't be switched off while the server runs", hint: "restart restorable")
            }
            state = fresh
        }
    }

    private static func load(_ path: String) throws -> State {
        let bytes = try read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WebFile.obstacle("the web configuration \(path) is not UTF-8")
        }
        let file = try WebFile(yaml: text, folder: folder(of: path))
        return State(
            authentication: file.users.isEmpty ? nil : BasicAuthentication(users: file.users),
            context: try file.tls.map { try context($0) })
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    private static func context(_ tls: WebFile.TLS) throws -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(read(tls.certificateFile))
            let key = try NIOSSLPrivateKey(bytes: read(tls.keyFile), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = tls.minimum == .tls13 ? .tlsv13 : .tlsv12
            configuration.maximumTLSVersion = tls.maximum == .tls13 ? .tlsv13 : .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            switch tls.clientCertificate {
            case .ignored: configuration.certificateVerification = .none
            case .verifiedIfGiven: configuration.certificateVerification = .optionalVerification
            case .required: configuration.certificateVerification = .noHostnameVerification
            }
            if let authority = tls.clientAuthorityFile {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(read(authority)))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch let obstacle as Obstacle {
            throw obstacle
        } catch {
            throw Obstacle(
                .unreadable, "the certificate \(tls.certificateFile) can't be used with its key",
                hint: "both must be PEM, and belong together", cause: error)
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= 1 << 20 else { throw WebFile.obstacle("\(path) is larger than 1 MiB") }
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> Obstacle {
        WebFile.obstacle("\(path) can't be read: \(String(cString: strerror(code)))")
    }
}

import CPQ

/// Takes a connection's notices, which libpq would print to standard error otherwise.
final class NoticeReceiver {
    var handler: ((PostgreSQLError) -> Void)?

    /// The receiver must outlive the connection: the connection holds it.
    func install(on connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context else { return }
                let receiver = Unmanaged<NoticeReceiver>.fromOpaque(context).takeUnretainedValue()
                receiver.handler?(PostgreSQLError(result: result, fallback: ""))
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}

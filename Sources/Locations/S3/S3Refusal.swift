import Backups

/// Turns what went wrong with a store into what a person can do about it.
struct S3Refusal {
    /// As `s3://bucket/key`.
    let subject: String
    let bucket: String
    let region: String
    /// Scheme and host.
    let endpoint: String

    func obstacle(_ error: any Error) -> Obstacle {
        switch error {
        case let obstacle as Obstacle: obstacle
        case let failure as HTTPFailure: obstacle(failure)
        case let error as S3Error: obstacle(error)
        default: Obstacle(.internalError, "\(subject) can't be read: \(error)")
        }
    }

    private func obstacle(_ failure: HTTPFailure) -> Obstacle {
        func unreachable(_ what: String, _ hint: String) -> Obstacle {
            Obstacle(.connectionFailed, "\(subject) can't be reached: \(what)", hint: hint, cause: nil)
        }
        return switch failure.kind {
        case .nameNotResolved:
            unreachable(
                failure.detail,
                "Look at AWS_ENDPOINT_URL_S3, at the region (\(region)) and at the name server of this machine.")
        case .refused:
            unreachable(
                failure.detail, "Is the store up at \(endpoint), and does a firewall or a proxy stand in between?")
        case .certificate:
            unreachable(
                "the certificate of \(endpoint) is not trusted: \(failure.detail)",
                "Name the file of its authority in AWS_CA_BUNDLE.")
        case .tls:
            unreachable(
                "no TLS with \(endpoint): \(failure.detail)", "Does it speak https? An endpoint may be http://.")
        case .stalled, .broken, .cut:
            unreachable(
                "the connection broke again and again: \(failure.detail)",
                "Try again; look at the network between this machine and \(endpoint).")
        case .tooLarge, .other: unreachable(failure.detail, "Look at what answers at \(endpoint).")
        }
    }

    private func obstacle(_ error: S3Error) -> Obstacle {
        switch error.code {
        case "NoSuchBucket":
            return Obstacle(
                .unreadable, "there is no bucket \(bucket) at \(endpoint)",
                hint: "Look at its name and at the endpoint.")
        case "NoSuchKey":
            return missing
        case "InvalidObjectState":
            return Obstacle(
                .unreadable, "\(subject) lies in an archive and can't be read at once",
                hint: "Restore it first: aws s3api restore-object.")
        case "RequestTimeTooSkewed":
            return Obstacle(
                .authenticationFailed, "\(endpoint) refused the time of the request: \(error)",
                hint: "Set the clock of this machine.")
        case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidSecurity", "InvalidClientTokenId",
            "UnrecognizedClientException":
            return Obstacle(
                .authenticationFailed, "\(endpoint) refused the credentials for \(subject): \(error)",
                hint: "Look at the access key and its secret: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE.")
        case _ where error.isExpired:
            return Obstacle(
                .authenticationFailed, "the credentials for \(subject) have expired: \(error)",
                hint: "Get new ones. A role (of a pod, a container, an instance) gets them by itself.")
        default: break
        }
        if let region = otherRegion(error) { return region }
        switch error.status {
        case 401, 403: return denied(error)
        case 404: return missing
        case 412, 416:
            return Obstacle(
                .vanished, "\(subject) was replaced or removed while it was read",
                hint: "Verify the new one when whatever writes it is done.")
        case _ where error.isTransient:
            return Obstacle(
                .connectionFailed, "\(endpoint) answered \(error), again and again",
                hint: "Try again later; the store is overloaded or out of order.")
        default:
            return Obstacle(
                .unreadable, "\(endpoint) answered \(error) for \(subject)",
                hint: "Is it an S3 endpoint? Look at AWS_ENDPOINT_URL_S3.")
        }
    }

    private var missing: Obstacle {
        Obstacle(
            .unreadable, "\(subject) is not there",
            hint: "Check the key; a key begins without a slash, and case counts.")
    }

    private func denied(_ error: S3Error) -> Obstacle {
        Obstacle(
            .permissionDenied, "\(endpoint) denies access to \(subject): \(error)",
            hint: "Allow s3:GetObject and s3:ListBucket. Without s3:ListBucket a key that is not there is denied, too.")
    }

    /// A bucket of another region is redirected to (301, 307), or its signature refused (400).
    private func otherRegion(_ error: S3Error) -> Obstacle? {
        let codes = [
            "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
            "IncorrectEndpoint",
        ]
        guard
            codes.contains(error.code) || [301, 307].contains(error.status)
                || (error.status == 400 && error.region != nil)
        else { return nil }
        guard let place = error.region, place != region else {
            return Obstacle(
                .wrongRegion, "the bucket \(bucket) does not lie in \(region): \(error)",
                hint: "Set AWS_REGION to the region of the bucket.")
        }
        return Obstacle(
            .wrongRegion, "the bucket \(bucket) lies in \(place), not in \(region)", hint: "Set AWS_REGION=\(place).")
    }
}

namespace RecoAspire.Publishing;

/// <summary>The set cannot be published; the message is one line for the user.</summary>
public sealed class PublishException(string message) : Exception(message);

using System.Diagnostics.CodeAnalysis;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Values of together at most so many bytes; what was used longest ago goes first. Not safe for threads: its owner locks.</summary>
internal sealed class ByteLru<TKey, TValue>(long capacityBytes)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value, long Bytes)>> nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value, long Bytes)> order = [];

    internal long Bytes { get; private set; }

    internal IEnumerable<TKey> Keys => nodes.Keys;

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!nodes.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value, long Bytes)>? node))
        {
            value = default;
            return false;
        }

        if (!ReferenceEquals(order.Last, node))
        {
            order.Remove(node);
            order.AddLast(node);
        }

        value = node.Value.Value;
        return true;
    }

    /// <summary>Puts a value in and tells <paramref name="evicted"/> of each that had to go for it. What is too large alone is not kept.</summary>
    internal void Put(TKey key, TValue value, long bytes, Action<TKey>? evicted = null)
    {
        Remove(key);
        if (bytes > capacityBytes)
        {
            evicted?.Invoke(key);
            return;
        }

        nodes.Add(key, order.AddLast((key, value, bytes)));
        Bytes += bytes;
        while (Bytes > capacityBytes && order.First is { } oldest)
        {
            TKey gone = oldest.Value.Key;
            Remove(gone);
            evicted?.Invoke(gone);
        }
    }

    internal bool Remove(TKey key)
    {
        if (!nodes.Remove(key, out LinkedListNode<(TKey Key, TValue Value, long Bytes)>? node))
        {
            return false;
        }

        order.Remove(node);
        Bytes -= node.Value.Bytes;
        return true;
    }

    internal void Clear()
    {
        nodes.Clear();
        order.Clear();
        Bytes = 0;
    }
}

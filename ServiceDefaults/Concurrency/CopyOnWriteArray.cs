namespace RecoAspire.ServiceDefaults.Concurrency;

/// <summary>
/// A growing array with one writer whose readers hold immutable snapshots. A write copies at most one page per snapshot
/// taken, so that a single change to a large array stays cheap.
/// </summary>
public sealed class CopyOnWriteArray<T>
{
    private const int PageBits = 10;
    private const int PageLength = 1 << PageBits;
    private T[][] _pages = [];
    private readonly List<bool> _ownsPage = [];
    private bool _ownsTop = true;

    public T this[int index]
    {
        get
        {
            var page = index >> PageBits;
            return page < _pages.Length ? _pages[page][index & (PageLength - 1)] : default!;
        }

        set
        {
            var page = index >> PageBits;
            Own(page);
            _pages[page][index & (PageLength - 1)] = value;
        }
    }

    /// <summary>The content as of now; later writes do not reach it.</summary>
    public Snapshot Publish()
    {
        _ownsTop = false;
        for (var i = 0; i < _ownsPage.Count; i++) _ownsPage[i] = false;
        return new Snapshot(_pages);
    }

    private void Own(int page)
    {
        if (page >= _pages.Length)
        {
            var grown = new T[page + 1][];
            _pages.CopyTo(grown, 0);
            for (var i = _pages.Length; i <= page; i++)
            {
                grown[i] = new T[PageLength];
                _ownsPage.Add(true);
            }

            _pages = grown;
            _ownsTop = true;
        }

        if (_ownsPage[page]) return;
        if (!_ownsTop)
        {
            _pages = (T[][])_pages.Clone();
            _ownsTop = true;
        }

        _pages[page] = (T[])_pages[page].Clone();
        _ownsPage[page] = true;
    }

    /// <summary>Immutable content; indices beyond the end hold the default value.</summary>
    public readonly struct Snapshot(T[][] pages)
    {
        public T this[int index]
        {
            get
            {
                var page = index >> PageBits;
                return page < pages.Length ? pages[page][index & (PageLength - 1)] : default!;
            }
        }

        /// <summary>Upper bound of the indices ever written.</summary>
        public int Length => pages is null ? 0 : pages.Length * PageLength;
    }
}
